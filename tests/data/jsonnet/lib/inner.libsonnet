{ prefix: 'shop-', value: std.contains([1], 1) }
