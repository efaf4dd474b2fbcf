{ assert self.a > 1 : 'a is too small', a: 1 }
