;; Passes over text. V8 runs these loops several times faster than the same loops in JavaScript.
;; Memory: the table at 0; bytes that are scanned from 65536; classes of bytes at 134912; what is scanned in UTF-16 from
;; 135168; positions from 270336; of each slot its three bytes and where the list of its keys is, from 532480; behind that
;; lists, keys and what was found. Behind what is scanned is room for 16 characters more.
(module
  (memory (export "memory") 13)

  ;; All ones for each of eight units of UTF-16 that is between two values, both inclusive.
  (func $between (param $block v128) (param $first i32) (param $last i32) (result v128)
    (i16x8.le_u
      (i16x8.sub (local.get $block) (i16x8.splat (local.get $first)))
      (i16x8.splat (i32.sub (local.get $last) (local.get $first)))))

  ;; For eight units of UTF-16: 1 where one has to be made visible; 2 for halves of pairs, 4 for those of the pairs of tags,
  ;; 8 for what invalid bytes become.
  (func $classify (param $block v128) (result i32)
    (i32.or
      (v128.any_true (v128.or
        (v128.or
          (v128.or
            (call $between (local.get $block) (i32.const 0x0) (i32.const 0x8))
            (call $between (local.get $block) (i32.const 0xb) (i32.const 0x1f)))
          (v128.or
            (call $between (local.get $block) (i32.const 0x7f) (i32.const 0x9f))
            (call $between (local.get $block) (i32.const 0xad) (i32.const 0xad))))
        (v128.or
          (v128.or
            (v128.or
              (call $between (local.get $block) (i32.const 0x61c) (i32.const 0x61c))
              (call $between (local.get $block) (i32.const 0x180e) (i32.const 0x180e)))
            (v128.or
              (call $between (local.get $block) (i32.const 0x200b) (i32.const 0x200f))
              (call $between (local.get $block) (i32.const 0x2028) (i32.const 0x202e))))
          (v128.or
            (v128.or
              (call $between (local.get $block) (i32.const 0x2060) (i32.const 0x206f))
              (call $between (local.get $block) (i32.const 0xfeff) (i32.const 0xfeff)))
            (call $between (local.get $block) (i32.const 0xfff9) (i32.const 0xfffb))))))
      (i32.or
        (i32.shl (v128.any_true (call $between (local.get $block) (i32.const 0xd800) (i32.const 0xdfff))) (i32.const 1))
        (i32.or
          (i32.shl (v128.any_true (call $between (local.get $block) (i32.const 0xdb40) (i32.const 0xdb40))) (i32.const 2))
          (i32.shl (v128.any_true (call $between (local.get $block) (i32.const 0xfffd) (i32.const 0xfffd))) (i32.const 3))))))

  ;; Makes a byte of each unit, 255 or 0 of what is none. Writes of each sixteen units where their bytes are and what they
  ;; are, as `$classify` says, unless they are nothing of that; returns the end of what was written.
  (func (export "narrow") (param $wide i32) (param $end i32) (param $narrow i32) (param $out i32) (result i32)
    (local $first v128) (local $second v128) (local $bytes v128)
    (loop $next
      (if (i32.lt_u (local.get $wide) (local.get $end)) (then
        (local.set $first (v128.load (local.get $wide)))
        (local.set $second (v128.load offset=16 (local.get $wide)))
        (local.set $bytes (i8x16.narrow_i16x8_u (local.get $first) (local.get $second)))
        (v128.store (local.get $narrow) (local.get $bytes))
        ;; Only tab and line feed, and from the blank to the tilde.
        (if (i32.eqz (i8x16.all_true (v128.or
              (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 0x20))) (i8x16.splat (i32.const 0x5f)))
              (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 9))) (i8x16.splat (i32.const 2))))))
          (then
            (i32.store (local.get $out) (local.get $narrow))
            (i32.store offset=4 (local.get $out)
              (i32.or (call $classify (local.get $first)) (call $classify (local.get $second))))
            (local.set $out (i32.add (local.get $out)
              (i32.shl (i32.ne (i32.load offset=4 (local.get $out)) (i32.const 0)) (i32.const 3))))))
        (local.set $wide (i32.add (local.get $wide) (i32.const 32)))
        (local.set $narrow (i32.add (local.get $narrow) (i32.const 16)))
        (br $next))))
    (local.get $out))

  ;; The character in UTF-16 at a position; what is no character becomes U+FFFD. Four bytes long where it is above 0xffff.
  (func $character (param $wide i32) (param $end i32) (result i32)
    (local $unit i32) (local $next i32)
    (local.set $unit (i32.load16_u (local.get $wide)))
    (if (i32.ne (i32.and (local.get $unit) (i32.const 0xf800)) (i32.const 0xd800)) (then (return (local.get $unit))))
    (if (i32.and
          (i32.lt_u (local.get $unit) (i32.const 0xdc00))
          (i32.lt_u (i32.add (local.get $wide) (i32.const 2)) (local.get $end)))
      (then
        (local.set $next (i32.load16_u offset=2 (local.get $wide)))
        (if (i32.eq (i32.and (local.get $next) (i32.const 0xfc00)) (i32.const 0xdc00)) (then
          (return (i32.add
            (i32.const 0x10000)
            (i32.or
              (i32.shl (i32.and (local.get $unit) (i32.const 0x3ff)) (i32.const 10))
              (i32.and (local.get $next) (i32.const 0x3ff)))))))))
    (i32.const 0xfffd))

  ;; Writes the byte of UTF-8 that carries six bits of a character behind the first byte.
  (func $continue (param $out i32) (param $bits i32)
    (i32.store8 (local.get $out) (i32.or (i32.const 0x80) (i32.and (local.get $bits) (i32.const 0x3f)))))

  ;; Writes UTF-16 as UTF-8; returns the end of what was written.
  (func (export "encode") (param $wide i32) (param $end i32) (param $out i32) (result i32)
    (local $block v128) (local $following v128) (local $character i32)
    (loop $next
      (if (i32.lt_u (local.get $wide) (local.get $end)) (then
        (local.set $block (v128.load (local.get $wide)))
        (local.set $following (v128.load offset=16 (local.get $wide)))
        (if (i32.and
              (i32.le_u (i32.add (local.get $wide) (i32.const 32)) (local.get $end))
              (i32.eqz (v128.any_true (v128.and
                (v128.or (local.get $block) (local.get $following))
                (i16x8.splat (i32.const 0xff80))))))
          (then
            (v128.store (local.get $out) (i8x16.narrow_i16x8_u (local.get $block) (local.get $following)))
            (local.set $wide (i32.add (local.get $wide) (i32.const 32)))
            (local.set $out (i32.add (local.get $out) (i32.const 16)))
            (br $next)))
        (local.set $character (call $character (local.get $wide) (local.get $end)))
        (local.set $wide (i32.add (local.get $wide) (i32.const 2)))
        (if (i32.lt_u (local.get $character) (i32.const 0x80)) (then
          (i32.store8 (local.get $out) (local.get $character))
          (local.set $out (i32.add (local.get $out) (i32.const 1)))
          (br $next)))
        (if (i32.lt_u (local.get $character) (i32.const 0x800)) (then
          (i32.store8 (local.get $out) (i32.or (i32.const 0xc0) (i32.shr_u (local.get $character) (i32.const 6))))
          (call $continue (i32.add (local.get $out) (i32.const 1)) (local.get $character))
          (local.set $out (i32.add (local.get $out) (i32.const 2)))
          (br $next)))
        (if (i32.lt_u (local.get $character) (i32.const 0x10000)) (then
          (i32.store8 (local.get $out) (i32.or (i32.const 0xe0) (i32.shr_u (local.get $character) (i32.const 12))))
          (call $continue (i32.add (local.get $out) (i32.const 1)) (i32.shr_u (local.get $character) (i32.const 6)))
          (call $continue (i32.add (local.get $out) (i32.const 2)) (local.get $character))
          (local.set $out (i32.add (local.get $out) (i32.const 3)))
          (br $next)))
        (i32.store8 (local.get $out) (i32.or (i32.const 0xf0) (i32.shr_u (local.get $character) (i32.const 18))))
        (call $continue (i32.add (local.get $out) (i32.const 1)) (i32.shr_u (local.get $character) (i32.const 12)))
        (call $continue (i32.add (local.get $out) (i32.const 2)) (i32.shr_u (local.get $character) (i32.const 6)))
        (call $continue (i32.add (local.get $out) (i32.const 3)) (local.get $character))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $wide (i32.add (local.get $wide) (i32.const 2)))
        (br $next))))
    (local.get $out))

  ;; The slot of the first three of four bytes in the table: the fourth is shifted out.
  (func $slot (param $bytes i32) (result i32)
    (i32.shr_u (i32.mul (local.get $bytes) (i32.const 0x3779b100)) (i32.const 16)))

  ;; The class of a byte: 1 in names, 2 closes a quote or bracket, 4 may stand between a name and its value, 8 in words.
  (func $class (param $position i32) (result i32)
    (i32.load8_u offset=134912 (i32.load8_u (local.get $position))))

  ;; Behind the characters of a class, which are not more than so many.
  (func $behind (param $position i32) (param $most i32) (param $class i32) (result i32)
    (local $last i32)
    (local.set $last (i32.add (local.get $position) (local.get $most)))
    (loop $next
      (if (i32.lt_u (local.get $position) (local.get $last)) (then
        (if (i32.and (call $class (local.get $position)) (local.get $class)) (then
          (local.set $position (i32.add (local.get $position) (i32.const 1)))
          (br $next))))))
    (local.get $position))

  ;; False where the word that ends at a position goes on, or the name has no value behind it. The rest of a name has no
  ;; more than 40 characters, and no more than 8 quotes and brackets close behind it.
  (func $mayHaveValue (param $position i32) (param $limit i32) (result i32)
    (if (i32.and (call $class (local.get $position)) (i32.const 8)) (then
      (return (i32.ge_u (local.get $position) (local.get $limit)))))
    (local.set $position
      (call $behind
        (call $behind (local.get $position) (i32.const 40) (i32.const 1))
        (i32.const 8)
        (i32.const 2)))
    (i32.or
      (i32.ge_u (local.get $position) (local.get $limit))
      (i32.and (call $class (local.get $position)) (i32.const 4))))

  ;; True where the bytes of a key stand, capitals in lower case where its flags have the 1.
  (func $isKey (param $key i32) (param $position i32) (result i32)
    (local $last i32) (local $folds i32) (local $byte i32)
    (local.set $last (i32.add (local.get $key) (i32.load offset=4 (local.get $key))))
    (local.set $folds (i32.and (i32.load offset=12 (local.get $key)) (i32.const 1)))
    (loop $next
      (if (i32.lt_u (local.get $key) (local.get $last)) (then
        (local.set $byte (i32.load8_u (local.get $position)))
        (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 65)) (i32.const 26)) (then
          (local.set $byte (i32.add (local.get $byte) (i32.shl (local.get $folds) (i32.const 5))))))
        (if (i32.ne (local.get $byte) (i32.load8_u offset=16 (local.get $key))) (then (return (i32.const 0))))
        (local.set $key (i32.add (local.get $key) (i32.const 1)))
        (local.set $position (i32.add (local.get $position) (i32.const 1)))
        (br $next))))
    (i32.const 1))

  ;; Writes of each key that stands around three bytes where it begins and its number, plus 2^31 where that is still to be
  ;; checked: not all of it is in the memory, or its flags have the 2. With the 4 a value has to be possible behind it.
  ;; A key: how far into it the three bytes stand, its length, number and flags, four bytes each; then its bytes.
  (func $keysAt (param $position i32) (param $limit i32) (param $out i32) (result i32)
    (local $slot i32) (local $list i32) (local $key i32) (local $start i32) (local $isUncertain i32)
    ;; Four positions are looked at together; these belong to the next block.
    (if (i32.ge_u (i32.add (local.get $position) (i32.const 16)) (local.get $limit)) (then (return (local.get $out))))
    (local.set $slot (i32.shl (call $slot (i32.load (local.get $position))) (i32.const 3)))
    (local.set $list (i32.load offset=532480 (local.get $slot)))
    (if (i32.and
          (i32.ne (local.get $list) (i32.const 0))
          (i32.ne (local.get $list) (i32.shl (i32.load (local.get $position)) (i32.const 8))))
      (then (return (local.get $out))))
    (local.set $list (i32.load offset=532484 (local.get $slot)))
    (loop $next
      (local.set $key (i32.load (local.get $list)))
      (if (local.get $key) (then
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (local.set $start (i32.sub (local.get $position) (i32.load (local.get $key))))
        (local.set $isUncertain (i32.or
          (i32.ne (i32.and (i32.load offset=12 (local.get $key)) (i32.const 2)) (i32.const 0))
          (i32.or
            (i32.lt_s (local.get $start) (i32.const 65536))
            (i32.gt_u
              (i32.add (local.get $start) (i32.load offset=4 (local.get $key)))
              (local.get $limit)))))
        (if (i32.eqz (local.get $isUncertain)) (then
          (br_if $next (i32.eqz (call $isKey (local.get $key) (local.get $start))))
          (if (i32.and (i32.load offset=12 (local.get $key)) (i32.const 4)) (then
            (br_if $next (i32.eqz (call $mayHaveValue
              (i32.add (local.get $start) (i32.load offset=4 (local.get $key)))
              (local.get $limit))))))))
        (i32.store (local.get $out) (local.get $start))
        (i32.store offset=4 (local.get $out)
          (i32.or (i32.load offset=8 (local.get $key)) (i32.shl (local.get $isUncertain) (i32.const 31))))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (br $next))))
    (local.get $out))

  ;; Writes what `$keysAt` tells of each position whose three bytes have a slot that is set; returns the end of what was
  ;; written. Nothing is known of what stands from the limit on, sixteen bytes behind the block.
  (func (export "find") (param $position i32) (param $end i32) (param $limit i32) (param $out i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (loop $next
      (if (i32.lt_u (local.get $position) (local.get $end)) (then
        (local.set $a (i32.load8_u (call $slot (i32.load (local.get $position)))))
        (local.set $b (i32.load8_u (call $slot (i32.load offset=1 (local.get $position)))))
        (local.set $c (i32.load8_u (call $slot (i32.load offset=2 (local.get $position)))))
        (local.set $d (i32.load8_u (call $slot (i32.load offset=3 (local.get $position)))))
        (if (i32.or (i32.or (local.get $a) (local.get $b)) (i32.or (local.get $c) (local.get $d))) (then
          (if (local.get $a) (then
            (local.set $out (call $keysAt (local.get $position) (local.get $limit) (local.get $out)))))
          (if (local.get $b) (then
            (local.set $out (call $keysAt
              (i32.add (local.get $position) (i32.const 1)) (local.get $limit) (local.get $out)))))
          (if (local.get $c) (then
            (local.set $out (call $keysAt
              (i32.add (local.get $position) (i32.const 2)) (local.get $limit) (local.get $out)))))
          (if (local.get $d) (then
            (local.set $out (call $keysAt
              (i32.add (local.get $position) (i32.const 3)) (local.get $limit) (local.get $out)))))))
        (local.set $position (i32.add (local.get $position) (i32.const 4)))
        (br $next))))
    (local.get $out))

  ;; True where sixteen characters of base64 are text once decoded, wherever a group of four may begin: the first bit of
  ;; each of its three bytes is zero then. May be true for others that contain `-`, `/` or `_`.
  (func $isTextInBase64 (param $block v128) (result i32)
    (local $lower v128) (local $upper v128) (local $value v128) (local $mask i32)
    (local.set $upper (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x41))) (i8x16.splat (i32.const 26))))
    (local.set $lower (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x61))) (i8x16.splat (i32.const 26))))
    (local.set $value (v128.bitselect
      (i8x16.sub (local.get $block) (i8x16.splat (i32.const 65)))
      (v128.bitselect
        (i8x16.sub (local.get $block) (i8x16.splat (i32.const 71)))
        (i8x16.add (local.get $block) (i8x16.splat (i32.const 4)))
        (local.get $lower))
      (local.get $upper)))
    ;; Bits 5, 3 and 1 of the first, second and third character.
    (local.set $mask (i8x16.bitmask (v128.and
      (v128.or
        (local.get $upper)
        (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x61))) (i8x16.splat (i32.const 6))))
      (v128.and
        (i8x16.shuffle 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 15
          (i8x16.eq (v128.and (local.get $value) (i8x16.splat (i32.const 8))) (i8x16.splat (i32.const 0)))
          (local.get $value))
        (i8x16.shuffle 2 3 4 5 6 7 8 9 10 11 12 13 14 15 15 15
          (i8x16.eq (v128.and (local.get $value) (i8x16.splat (i32.const 2))) (i8x16.splat (i32.const 0)))
          (local.get $value))))))
    (i32.or
      (i32.or
        (i32.eq (i32.and (local.get $mask) (i32.const 0x1111)) (i32.const 0x1111))
        (i32.eq (i32.and (local.get $mask) (i32.const 0x2222)) (i32.const 0x2222)))
      (i32.or
        (i32.eq (i32.and (local.get $mask) (i32.const 0x0444)) (i32.const 0x0444))
        (i32.eq (i32.and (local.get $mask) (i32.const 0x0888)) (i32.const 0x0888)))))

  ;; True where sixteen characters are hexadecimal digits of text: every other one is between 2 and 7, or the 0 of a line end.
  (func $isTextInHexadecimal (param $block v128) (result i32)
    (local $mask i32)
    (local.set $mask (i8x16.bitmask (v128.or
      (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x32))) (i8x16.splat (i32.const 6)))
      (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x30))))))
    (i32.and
      (i32.or
        (i32.eq (i32.and (local.get $mask) (i32.const 0x5555)) (i32.const 0x5555))
        (i32.eq (i32.and (local.get $mask) (i32.const 0xaaaa)) (i32.const 0xaaaa)))
      (i8x16.all_true (v128.or
        (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x30))) (i8x16.splat (i32.const 10)))
        (i8x16.lt_u
          (i8x16.sub (v128.or (local.get $block) (i8x16.splat (i32.const 0x20))) (i8x16.splat (i32.const 0x61)))
          (i8x16.splat (i32.const 6)))))))

  ;; Writes each twelfth position behind which sixteen characters of base64 (`+`, `-`, `/`, `_` and alphanumerics) or of
  ;; hexadecimal stand that are text once decoded.
  (func (export "findEncoded") (param $position i32) (param $end i32) (param $out i32) (result i32)
    (local $block v128) (local $folded v128)
    (loop $next
      (if (i32.lt_u (local.get $position) (local.get $end)) (then
        (local.set $block (v128.load (local.get $position)))
        ;; Nearly always there is a blank, a quote or a bracket in it, which is quickly seen.
        (if (i32.eqz (i8x16.all_true (i8x16.gt_u (local.get $block) (i8x16.splat (i32.const 0x2a)))))
          (then
            (local.set $position (i32.add (local.get $position) (i32.const 12)))
            (br $next)))
        (local.set $folded (v128.or (local.get $block) (i8x16.splat (i32.const 0x20))))
        (if (i8x16.all_true (v128.or
              (v128.or
                (i8x16.lt_u (i8x16.sub (local.get $folded) (i8x16.splat (i32.const 0x61))) (i8x16.splat (i32.const 26)))
                (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x2f))) (i8x16.splat (i32.const 11))))
              (v128.or
                (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x5f)))
                (i8x16.eq (v128.and (local.get $block) (i8x16.splat (i32.const 0xf9))) (i8x16.splat (i32.const 0x29))))))
          (then
            (if (i32.or (call $isTextInBase64 (local.get $block)) (call $isTextInHexadecimal (local.get $block))) (then
              (i32.store (local.get $out) (local.get $position))
              (local.set $out (i32.add (local.get $out) (i32.const 4)))))))
        (local.set $position (i32.add (local.get $position) (i32.const 12)))
        (br $next))))
    (local.get $out)))
