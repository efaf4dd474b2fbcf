{ text: std.trim('no program here') }
