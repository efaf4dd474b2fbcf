// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/ownership.h"
#include "demo/random_names.h"
#include "demo/refusal.h"
#include "demo/resource.h"
#include "demo/selector.h"
#include "object/object.h"
#include "ports/clock.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::demo {

/// Where an object stands: namespace ("" for cluster-scoped kinds) and name.
using Place = std::pair<std::string, std::string>;

/// One step in the life of an object.
struct Change
{
    enum class Kind { Added, Modified, Deleted };
    std::int64_t revision = 0;
    Kind kind = Kind::Added;
    object::GroupKind groupKind;
    object::Object before; ///< null for Added
    object::Object after;  ///< of Deleted: the last state, with the revision of its end
};

/// How a write is done.
struct WriteOptions
{
    std::string fieldManager = "demo";
    bool isDryRun = false;
    bool isStrict = false;                    ///< unknown and mistyped fields are refused
    Conflicts conflicts = Conflicts::Refused; ///< of server-side apply
};

/// What happens to the objects that an object owns.
enum class Propagation { Background, Foreground, Orphan };

struct DeleteOptions
{
    Propagation propagation = Propagation::Background;
    std::string uid;             ///< refused unless the object has it; "" for any
    std::string resourceVersion; ///< refused unless the object has it; "" for any
    std::optional<std::int64_t> graceSeconds;
    bool isDryRun = false;
};

/// How a patch is written.
enum class PatchKind { Json, Merge, StrategicMerge };

struct ListOptions
{
    Selector selector;
    std::size_t limit = 0;     ///< objects a page, 0 for all
    std::string continueToken; ///< from the page before
};

struct Page
{
    std::vector<object::Object> objects;
    std::int64_t revision = 0;
    std::string continueToken; ///< "" on the last page
    std::size_t remaining = 0;
};

/// One object, seen through a watch.
struct WatchEvent
{
    Change::Kind kind = Change::Kind::Added;
    object::Object object;
};

/// The objects of the demo cluster, and the rules by which an API server changes them. No threads, no I/O.
class Store
{
public:
    /// \p clock stamps objects; \p seed makes uids and generated names. Begins with the namespaces of every cluster.
    Store(const ports::Clock &clock, std::uint64_t seed);

    const Catalog &catalog() const { return m_catalog; }
    /// The revision of the last change.
    std::int64_t revision() const { return m_revision; }
    /// Now, as Kubernetes writes times.
    std::string timeText() const;
    ports::WallTime now() const { return m_clock->now(); }
    RandomNames &names() { return m_names; }

    Answer<object::Object> get(const Resource &resource, const Place &place) const;
    Answer<Page> list(const Resource &resource, std::string_view ns, const ListOptions &options = {}) const;
    /// What happened after \p revision to objects that \p selector selects; \p ns "" is every namespace. An object that
    /// begins or ceases to match is added or deleted. Errors: 410 if that is no longer kept.
    Answer<std::vector<WatchEvent>> changesAfter(const Resource &resource, std::string_view ns, std::int64_t revision,
                                                 const Selector &selector) const;

    /// Errors of writes: 404, 409 AlreadyExists or Conflict, 422 Invalid, 403 for a namespace that ends, 400.
    Answer<object::Object> create(const Resource &resource, std::string_view ns, const object::Object &object,
                                  const WriteOptions &options = {});
    /// Replaces the object, or with \p subresource "status" only its status.
    Answer<object::Object> update(const Resource &resource, const Place &place, const object::Object &object,
                                  std::string_view subresource, const WriteOptions &options = {});
    Answer<object::Object> patch(const Resource &resource, const Place &place, PatchKind kind,
                                 const object::Value &patch, std::string_view subresource,
                                 const WriteOptions &options = {});
    /// Server-side apply; creates what is not there.
    Answer<object::Object> apply(const Resource &resource, const Place &place, const object::Object &config,
                                 std::string_view subresource, const WriteOptions &options);
    /// Deletes, or begins to: the object as it is afterwards, null if it is gone.
    Answer<object::Object> remove(const Resource &resource, const Place &place, const DeleteOptions &options = {});

    /// One pass over owners: dependents of objects that are gone are deleted, foreground and orphaning deletes end.
    void collectGarbage();
    /// Objects of a kind, for controllers; empty if there are none.
    const std::map<Place, object::Object> &objectsOf(const object::GroupKind &kind) const;
    /// Those of them that are in \p ns, "" for what is in none.
    std::vector<object::Object> objectsIn(const object::GroupKind &kind, std::string_view ns) const;
    /// The object of a kind at a place, null if there is none.
    object::Object find(const object::GroupKind &kind, const Place &place) const;
    /// Takes an object away whatever its finalizers say: the end of a grace period.
    void purge(const object::GroupKind &kind, const Place &place);
    /// Forgets the history up to now: watches from before are told that they come too late.
    void compact();
    /// Takes the time from \p clock from now on; gives the clock before.
    const ports::Clock &exchangeClock(const ports::Clock &clock) { return *std::exchange(m_clock, &clock); }
    /// How many changes are kept for watches.
    void setHistoryLimit(std::size_t changes) { m_historyLimit = changes; }

private:
    using Objects = std::map<Place, object::Object>;

    Answer<void> checkNamespace(const Resource &resource, std::string_view ns) const;
    Answer<object::Object> normalized(const Resource &resource, const object::Object &object, bool isStrict) const;
    Answer<object::Object> write(const Resource &resource, const object::Object &before, object::Object after,
                                 std::string_view subresource, const WriteOptions &options);
    Answer<object::Object> createFrom(const Resource &resource, std::string_view ns, object::Object object,
                                      const WriteOptions &options, bool isApply);
    object::Object withAllocations(const Resource &resource, const object::Object &object);
    object::Object put(const object::GroupKind &kind, const object::Object &before, object::Object after);
    void erase(const object::GroupKind &kind, const object::Object &object);
    void learnDefinition(const object::Object &definition);
    void finishDeletes(const object::GroupKind &kind, const object::Object &owner, bool hasDependents);

    const ports::Clock *m_clock;
    RandomNames m_names;
    Catalog m_catalog;
    std::map<object::GroupKind, Objects> m_objects;
    std::deque<Change> m_history;
    std::int64_t m_revision = 100;
    std::int64_t m_oldest = 100; ///< changes after this revision are kept
    std::size_t m_historyLimit = 20'000;
    unsigned m_nextAddress = 1;
};

/// The path of `status` of a pod, a deployment …: \p object with another status.
object::Object withStatus(const object::Object &object, const object::Value &status);

} // namespace tiphys::demo
