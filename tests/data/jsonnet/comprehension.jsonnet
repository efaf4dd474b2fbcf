[{ ['k' + i]: i * x for i in std.range(1, 3) } for x in [1, 2] if x > 1]
