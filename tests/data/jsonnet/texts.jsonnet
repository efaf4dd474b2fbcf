[std.trim("  \t a b\n"), std.equalsIgnoreCase('Ahoy', 'aHOY'), std.isEmpty(''), std.id('x'), std.asciiUpper('é a'), std.strReplace('a-b-c', '-', '+'),
 std.splitLimit('a/b/c', '/', 1), std.format('%05.2f|%-4s|%x', [3.14159, 'a', 255]), std.escapeStringJson('"x"'), std.parseInt('-17'), std.stringChars('añ')]
