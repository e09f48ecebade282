;; One pass over bytes. V8 runs these loops several times faster than the same loops in JavaScript.
;; Memory: the table at 0, what is scanned from 65536 (with 16 bytes of room behind it), positions from 147456.
(module
  (memory (export "memory") 7)

  ;; 1: a control character other than tab and line feed; 2: a byte that is not ASCII.
  (func (export "classify") (param $position i32) (param $end i32) (result i32)
    (local $block v128) (local $control v128) (local $high v128)
    (loop $next
      (if (i32.lt_u (local.get $position) (local.get $end)) (then
        (local.set $block (v128.load (local.get $position)))
        (local.set $high (v128.or (local.get $high) (local.get $block)))
        (local.set $control (v128.or (local.get $control) (v128.or
          (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x7f)))
          (v128.andnot
            (i8x16.lt_u (local.get $block) (i8x16.splat (i32.const 0x20)))
            (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 9))) (i8x16.splat (i32.const 2)))))))
        (local.set $position (i32.add (local.get $position) (i32.const 16)))
        (br $next))))
    (i32.or
      (v128.any_true (local.get $control))
      (i32.shl (i32.ne (i8x16.bitmask (local.get $high)) (i32.const 0)) (i32.const 1))))

  ;; The slot of three bytes in the table.
  (func $slot (param $bytes i32) (result i32)
    (i32.shr_u
      (i32.mul (i32.shl (local.get $bytes) (i32.const 8)) (i32.const 0x9e3779b1))
      (i32.const 16)))

  ;; Writes each position whose three bytes have a slot that is set; returns the end of what was written.
  (func (export "find") (param $position i32) (param $end i32) (param $out i32) (result i32)
    (local $bytes i64) (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (loop $next
      (if (i32.lt_u (local.get $position) (local.get $end)) (then
        (local.set $bytes (i64.load (local.get $position)))
        (local.set $a (i32.load8_u (call $slot (i32.wrap_i64 (local.get $bytes)))))
        (local.set $b (i32.load8_u (call $slot (i32.wrap_i64 (i64.shr_u (local.get $bytes) (i64.const 8))))))
        (local.set $c (i32.load8_u (call $slot (i32.wrap_i64 (i64.shr_u (local.get $bytes) (i64.const 16))))))
        (local.set $d (i32.load8_u (call $slot (i32.wrap_i64 (i64.shr_u (local.get $bytes) (i64.const 24))))))
        (if (i32.or (i32.or (local.get $a) (local.get $b)) (i32.or (local.get $c) (local.get $d))) (then
          (i32.store (local.get $out) (local.get $position))
          (local.set $out (i32.add (local.get $out) (i32.shl (local.get $a) (i32.const 2))))
          (i32.store (local.get $out) (i32.add (local.get $position) (i32.const 1)))
          (local.set $out (i32.add (local.get $out) (i32.shl (local.get $b) (i32.const 2))))
          (i32.store (local.get $out) (i32.add (local.get $position) (i32.const 2)))
          (local.set $out (i32.add (local.get $out) (i32.shl (local.get $c) (i32.const 2))))
          (i32.store (local.get $out) (i32.add (local.get $position) (i32.const 3)))
          (local.set $out (i32.add (local.get $out) (i32.shl (local.get $d) (i32.const 2))))))
        (local.set $position (i32.add (local.get $position) (i32.const 4)))
        (br $next))))
    (local.get $out))

  ;; Writes each twelfth position behind which sixteen characters of base64 stand (`+`, `-`, `/`, `_` and alphanumerics).
  (func (export "findRuns") (param $position i32) (param $end i32) (param $out i32) (result i32)
    (local $block v128) (local $folded v128)
    (loop $next
      (if (i32.lt_u (local.get $position) (local.get $end)) (then
        (local.set $block (v128.load (local.get $position)))
        (local.set $folded (v128.or (local.get $block) (i8x16.splat (i32.const 0x20))))
        (if (i8x16.all_true (v128.or
              (v128.or
                (i8x16.lt_u (i8x16.sub (local.get $folded) (i8x16.splat (i32.const 0x61))) (i8x16.splat (i32.const 26)))
                (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x2f))) (i8x16.splat (i32.const 11))))
              (v128.or
                (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x5f)))
                (i8x16.eq (v128.and (local.get $block) (i8x16.splat (i32.const 0xf9))) (i8x16.splat (i32.const 0x29))))))
          (then
            (i32.store (local.get $out) (local.get $position))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))))
        (local.set $position (i32.add (local.get $position) (i32.const 12)))
        (br $next))))
    (local.get $out)))
