import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { declaredCheckSchema } from '../src/plugins/declarative/vocabulary.ts';

/** What editors know of one `[[check]]`: made of what the program itself reads it with. */
const schema = z.toJSONSchema(declaredCheckSchema, { io: 'input', target: 'draft-7' });
const path = join(import.meta.dirname, '../src/plugins/declarative/check.schema.json');
await writeFile(
  path,
  `${JSON.stringify({ ...schema, title: 'A declared check of stethos' }, undefined, 2)}\n`,
);
