local lib = import 'lib/names.libsonnet';
{ name: lib.full('web'), text: importstr 'lib/words.txt', again: (import 'lib/inner.libsonnet').value, library: importstr 'lib/read.libsonnet' }
