{ full(name):: (import 'inner.libsonnet').prefix + std.trim(' ' + name), }
