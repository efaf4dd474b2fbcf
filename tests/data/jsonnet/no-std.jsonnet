local std = { trim(x): 'own' };
std.trim(' a ')
