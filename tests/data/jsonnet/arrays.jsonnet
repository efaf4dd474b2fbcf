{
  contains: [std.contains([1, 'a'], 'a'), std.contains([], 1)],
  avg: std.avg([1, 2, 6]),
  remove: [std.remove([1, 2, 1], 1), std.remove([1], 3)],
  removeAt: std.removeAt(['a', 'b', 'c'], 1),
  flattenDeep: std.flattenDeepArray([[1, [2]], 3, []]),
  min: std.minArray([3, 1, 2]), max: std.maxArray(['a', 'ccc', 'bb'], std.length), empty: std.minArray([], onEmpty=7),
  member: std.member([1, 2], 2), count: std.count([1, 1, 2], 1), sort: std.sort([3, 1, 2]), uniq: std.uniq([1, 1, 2]),
}
