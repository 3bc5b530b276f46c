;; Passes over one block of a parameter, four numbers at a time. Regions of 8192 floats each:
;; 0 weight, 1 gradient, 2 first moment, 3 second moment, 4 moving average, 5 another gradient.
(module
  (memory (export "memory") 3)

  ;; gradient += other gradient, over `bytes` (a multiple of 16)
  (func (export "add") (param $bytes i32)
    (local $i i32)
    (loop $next
      (v128.store offset=32768 (local.get $i)
        (f32x4.add
          (v128.load offset=32768 (local.get $i))
          (v128.load offset=163840 (local.get $i))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 16)))
        (local.get $bytes)))))

  ;; sum of squares of the gradient, in double precision
  (func (export "squares") (param $bytes i32) (result f64)
    (local $i i32) (local $g v128) (local $h v128) (local $sum v128)
    (loop $next
      (local.set $g (f64x2.promote_low_f32x4 (v128.load offset=32768 (local.get $i))))
      (local.set $h (f64x2.promote_low_f32x4 (v128.load64_zero offset=32776 (local.get $i))))
      (local.set $sum (f64x2.add (local.get $sum) (f64x2.add
        (f64x2.mul (local.get $g) (local.get $g))
        (f64x2.mul (local.get $h) (local.get $h)))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 16)))
        (local.get $bytes))))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  ;; AdamW: m = b1 m + a1 g, v = b2 v + a2 g g, w = keep w - rate m / (sqrt v + floor), with g = scale gradient
  (func (export "adamw") (param $bytes i32) (param $scale f32)
      (param $b1 f32) (param $a1 f32) (param $b2 f32) (param $a2 f32)
      (param $keep f32) (param $rate f32) (param $floor f32)
    (local $i i32) (local $g v128) (local $m v128) (local $v v128)
    (local $vscale v128) (local $vb1 v128) (local $va1 v128) (local $vb2 v128) (local $va2 v128)
    (local $vkeep v128) (local $vrate v128) (local $vfloor v128)
    (local.set $vscale (f32x4.splat (local.get $scale)))
    (local.set $vb1 (f32x4.splat (local.get $b1)))
    (local.set $va1 (f32x4.splat (local.get $a1)))
    (local.set $vb2 (f32x4.splat (local.get $b2)))
    (local.set $va2 (f32x4.splat (local.get $a2)))
    (local.set $vkeep (f32x4.splat (local.get $keep)))
    (local.set $vrate (f32x4.splat (local.get $rate)))
    (local.set $vfloor (f32x4.splat (local.get $floor)))
    (loop $next
      (local.set $g (f32x4.mul (v128.load offset=32768 (local.get $i)) (local.get $vscale)))
      (local.set $m (f32x4.add
        (f32x4.mul (v128.load offset=65536 (local.get $i)) (local.get $vb1))
        (f32x4.mul (local.get $g) (local.get $va1))))
      (local.set $v (f32x4.add
        (f32x4.mul (v128.load offset=98304 (local.get $i)) (local.get $vb2))
        (f32x4.mul (f32x4.mul (local.get $g) (local.get $g)) (local.get $va2))))
      (v128.store offset=65536 (local.get $i) (local.get $m))
      (v128.store offset=98304 (local.get $i) (local.get $v))
      (v128.store (local.get $i) (f32x4.sub
        (f32x4.mul (v128.load (local.get $i)) (local.get $vkeep))
        (f32x4.div
          (f32x4.mul (local.get $m) (local.get $vrate))
          (f32x4.add (f32x4.sqrt (local.get $v)) (local.get $vfloor)))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 16)))
        (local.get $bytes)))))

  ;; average += rate (weight - average)
  (func (export "average") (param $bytes i32) (param $rate f32)
    (local $i i32) (local $vrate v128)
    (local.set $vrate (f32x4.splat (local.get $rate)))
    (loop $next
      (v128.store offset=131072 (local.get $i) (f32x4.add
        (v128.load offset=131072 (local.get $i))
        (f32x4.mul (local.get $vrate) (f32x4.sub
          (v128.load (local.get $i))
          (v128.load offset=131072 (local.get $i))))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 16)))
        (local.get $bytes))))))
