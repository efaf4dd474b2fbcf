local base = { a: 1, b:: 2, nested: { x: 1, y: 2 }, sum: self.a + self.b };
{
  derived: base { a: 10, nested+: { y: 3 } },
  removed: std.objectRemoveKey({ a: 1, b: 2 }, 'a'),
  fields: std.objectFields(base), all: std.objectFieldsAll(base), has: std.objectHas(base, 'b'), get: std.get(base, 'q', 'default'),
  patch: std.mergePatch({ a: 1, b: { c: 2 } }, { b: { c: null, d: 3 } }),
  pruned: std.prune({ a: null, b: [], c: { d: {} }, e: 1 }),
  mapped: std.mapWithKey(function(k, v) k + v, { x: 1 }),
}
