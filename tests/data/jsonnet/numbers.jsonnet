[std.isEven(2), std.isEven(-3), std.isOdd(-3), std.isOdd(2.5), std.isInteger(2.0), std.isDecimal(2.5), std.isNull(null), std.isNull(0),
 std.atan2(1, 0), std.hypot(3, 4), std.log2(8), std.round(2.5), std.deg2rad(180) == std.pi, std.rad2deg(std.pi), std.sign(-3), std.clamp(7, 1, 5)]
