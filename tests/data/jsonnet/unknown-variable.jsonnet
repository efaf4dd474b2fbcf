{ a: missing }
