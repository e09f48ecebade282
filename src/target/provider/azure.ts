import type { Provider } from './facts.ts';

/** Parts of a base URL by which the agent knows Azure (codex 0.169). */
const AZURE_MARKS = [
  'openai.azure.',
  'cognitiveservices.azure.',
  'aoai.azure.',
  'azure-api.',
  'azurefd.',
  'windows.net/openai',
];

/** The provider is Azure's, told as the agent tells it: by its name or by its address. */
export function isAzure({ name, baseUrl }: Pick<Provider, 'name' | 'baseUrl'>): boolean {
  const address = baseUrl?.toLowerCase() ?? '';
  return name.toLowerCase() === 'azure' || AZURE_MARKS.some((mark) => address.includes(mark));
}
