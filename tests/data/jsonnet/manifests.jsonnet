local port = 8080;
[
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: port }] } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { 'a.yaml': std.manifestYamlDoc({ a: [1, { b: 'x' }], c: 'y' }), 'b.ini': std.manifestIni({ main: { k: 'v' }, sections: { s: { n: '1' } } }) } },
]
