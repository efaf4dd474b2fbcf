{ md5: std.md5('ahoy'), sha1: std.sha1('ahoy'), sha256: std.sha256('ahoy'), sha512: std.sha512('ahoy'), sha3: std.sha3('ahoy'), base64: std.base64('ahoy') }
