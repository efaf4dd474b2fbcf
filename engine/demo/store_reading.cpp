// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "demo/store.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace tiphys::demo {

using object::GroupKind;
using object::Object;
using object::Value;

namespace {

/// Where a list goes on: the revision of its first page and the last place of the page before.
struct Token
{
    std::int64_t revision = 0;
    Place after;

    std::string text() const { return std::to_string(revision) + "/" + after.first + "/" + after.second; }
    static std::optional<Token> parsed(std::string_view text)
    {
        const auto parts = split(text, '/');
        Token token;
        if (parts.size() != 3)
            return std::nullopt;
        const auto read = std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), token.revision);
        if (read.ec != std::errc())
            return std::nullopt;
        token.after = {std::string(parts[1]), std::string(parts[2])};
        return token;
    }
};

} // namespace

Answer<Page> Store::list(const Resource &resource, std::string_view ns, const ListOptions &options) const
{
    Page page{.objects = {}, .revision = m_revision, .continueToken = {}};
    std::optional<Token> token;
    if (!options.continueToken.empty()) {
        token = Token::parsed(options.continueToken);
        if (!token)
            return std::unexpected(badRequest("continue key is not valid: " + options.continueToken));
        if (token->revision < m_oldest) {
            Refusal refusal = expired("The provided continue parameter is too old to display a consistent list result. "
                                      "You can start a new list without the continue parameter, or use the continue "
                                      "token in this response to retrieve the remainder of the results.");
            refusal.continueToken = Token{m_revision, token->after}.text();
            return std::unexpected(refusal);
        }
        page.revision = token->revision;
    }
    for (const auto &[place, object] : objectsOf(resource.groupKind())) {
        if (!ns.empty() && place.first != ns)
            continue;
        if ((token && place <= token->after) || !options.selector.matches(object))
            continue;
        if (options.limit > 0 && page.objects.size() == options.limit) {
            ++page.remaining;
            continue;
        }
        page.objects.push_back(object);
    }
    if (page.remaining > 0) {
        const Object &last = page.objects.back();
        page.continueToken = Token{page.revision, {std::string(last.ns()), std::string(last.name())}}.text();
    }
    return page;
}

Answer<std::vector<WatchEvent>> Store::changesAfter(const Resource &resource, std::string_view ns,
                                                    std::int64_t revision, const Selector &selector) const
{
    if (revision < m_oldest)
        return std::unexpected(
            expired("too old resource version: " + std::to_string(revision) + " (" + std::to_string(m_oldest) + ")"));
    std::vector<WatchEvent> events;
    const GroupKind kind = resource.groupKind();
    auto change = std::ranges::upper_bound(m_history, revision, {}, &Change::revision);
    for (; change != m_history.end(); ++change) {
        if (change->groupKind != kind || (!ns.empty() && change->after.ns() != ns))
            continue;
        const bool didMatch = change->kind != Change::Kind::Added && selector.matches(change->before);
        const bool matches = change->kind != Change::Kind::Deleted && selector.matches(change->after);
        if (!didMatch && !matches)
            continue;
        const Change::Kind seen = !matches    ? Change::Kind::Deleted
                                  : !didMatch ? Change::Kind::Added
                                              : Change::Kind::Modified;
        events.push_back({seen, change->after});
    }
    return events;
}

void Store::collectGarbage()
{
    struct Found
    {
        GroupKind kind;
        Object object;
    };
    std::map<std::string, Found> byUid;
    std::vector<Found> owned;
    std::map<std::string, int> blockers; ///< dependents of an owner that are still there
    for (const auto &[kind, objects] : m_objects) {
        for (const auto &[place, object] : objects) {
            byUid.emplace(object.uid(), Found{kind, object});
            const auto owners = object.ownerReferences();
            for (const object::OwnerReference &owner : owners)
                ++blockers[owner.uid];
            if (!owners.empty())
                owned.push_back({kind, object});
        }
    }
    for (const auto &[uid, found] : byUid) {
        if (found.object.isBeingDeleted())
            finishDeletes(found.kind, found.object, blockers[uid] > 0);
    }
    for (const Found &dependent : owned) {
        const auto owners = dependent.object.ownerReferences();
        const bool isLeft = std::ranges::all_of(owners, [&](const object::OwnerReference &owner) {
            const auto found = byUid.find(owner.uid);
            return found == byUid.end()
                   || (found->second.object.isBeingDeleted()
                       && found->second.object.hasFinalizer("foregroundDeletion"));
        });
        const Resource *resource = m_catalog.byKind(dependent.kind);
        const Place place{std::string(dependent.object.ns()), std::string(dependent.object.name())};
        const Object current = find(dependent.kind, place);
        if (!isLeft || !resource || current.isNull() || current.isBeingDeleted()
            || current.ownerReferences().size() != owners.size())
            continue;
        const bool isForeground =
            std::ranges::any_of(owners, [&](const object::OwnerReference &owner) { return byUid.contains(owner.uid); });
        (void)remove(*resource, place,
                     {.propagation = isForeground ? Propagation::Foreground : Propagation::Background});
    }
}

void Store::finishDeletes(const GroupKind &kind, const Object &owner, bool hasDependents)
{
    const bool orphans = owner.hasFinalizer("orphan");
    const bool waits = owner.hasFinalizer("foregroundDeletion") && hasDependents;
    if (orphans && hasDependents) {
        const std::string uid(owner.uid());
        for (const auto &[dependentKind, objects] : std::map(m_objects)) {
            for (const auto &[place, object] : objects) {
                std::vector<Value> kept;
                const Value references = object.path({"metadata", "ownerReferences"});
                for (const Value &reference : references.items()) {
                    if (reference["uid"].stringOr() != uid)
                        kept.push_back(reference);
                }
                if (kept.size() == references.size())
                    continue;
                const Value value = kept.empty()
                                        ? object.value().withoutPath({"metadata", "ownerReferences"})
                                        : object.value().withPath({"metadata", "ownerReferences"}, Value::list(kept));
                put(dependentKind, object, Object(value));
            }
        }
    }
    std::vector<Value> kept;
    for (const std::string &finalizer : owner.finalizers()) {
        if (finalizer != "orphan" && (finalizer != "foregroundDeletion" || waits))
            kept.emplace_back(finalizer);
    }
    if (kept.size() == owner.finalizers().size() && !kept.empty())
        return;
    const bool isGraceful = kind.kind == "Pod" && owner.path({"metadata", "deletionGracePeriodSeconds"}).intOr(0) > 0;
    if (kept.size() == owner.finalizers().size() || kind.kind == "Namespace")
        return;
    const Object changed{kept.empty() ? owner.value().withoutPath({"metadata", "finalizers"})
                                      : owner.value().withPath({"metadata", "finalizers"}, Value::list(kept))};
    const Object stored = put(kind, owner, changed);
    if (kept.empty() && !isGraceful)
        erase(kind, stored);
}

} // namespace tiphys::demo
