import 'lib/absent.libsonnet'
