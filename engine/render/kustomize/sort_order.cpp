// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/sort_order.h"

#include "base/joined.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace tiphys::render::kustomize {

namespace {

using Ranks = std::unordered_map<std::string_view, int>;

const std::vector<std::string> &kindsFirst()
{
    static const std::vector<std::string> kinds{
        "Namespace",
        "ResourceQuota",
        "StorageClass",
        "CustomResourceDefinition",
        "ServiceAccount",
        "PodSecurityPolicy",
        "Role",
        "ClusterRole",
        "RoleBinding",
        "ClusterRoleBinding",
        "ConfigMap",
        "Secret",
        "Endpoints",
        "Service",
        "LimitRange",
        "PriorityClass",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Deployment",
        "StatefulSet",
        "CronJob",
        "PodDisruptionBudget",
    };
    return kinds;
}

const std::vector<std::string> &kindsLast()
{
    static const std::vector<std::string> kinds{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};
    return kinds;
}

Ranks ranksOf(const std::vector<std::string> &first, const std::vector<std::string> &last)
{
    Ranks ranks;
    for (std::size_t i = 0; i < first.size(); ++i)
        ranks[first[i]] = static_cast<int>(i) - static_cast<int>(first.size());
    for (std::size_t i = 0; i < last.size(); ++i)
        ranks[last[i]] = static_cast<int>(i) + 1;
    return ranks;
}

int rankOf(const Ranks &ranks, std::string_view kind)
{
    const auto found = ranks.find(kind);
    return found == ranks.end() ? 0 : found->second;
}

std::string_view orBlank(std::string_view text, std::string_view blank)
{
    return text.empty() ? blank : text;
}

std::string sortText(const Gvk &gvk)
{
    return joined({orBlank(gvk.group, "~G"), "_", orBlank(gvk.version, "~V"), "_", orBlank(gvk.kind, "~K")});
}

std::string sortText(const ResourceId &id)
{
    const Gvk &gvk = id.gvk;
    return joined({orBlank(gvk.kind, "[noKind]"), ".", orBlank(gvk.version, "[noVer]"), ".",
                   orBlank(gvk.group, "[noGrp]"), "|", orBlank(id.ns, "~X"), "|", orBlank(id.name, "~N")});
}

struct Key
{
    int rank = 0;
    std::string gvk;
    std::string id;
    bool isNamespace = false;
    bool hasGroup = false;
};

bool isBeforeKey(const Key &left, const Key &right)
{
    if (left.rank != right.rank)
        return left.rank < right.rank;
    // A Namespace without a group stands behind one with a group.
    const bool isReversed = left.isNamespace && right.isNamespace && (!left.hasGroup || !right.hasGroup);
    if (left.gvk != right.gvk)
        return isReversed ? left.gvk > right.gvk : left.gvk < right.gvk;
    return left.id < right.id;
}

} // namespace

namespace {
const Ranks &usualRanks()
{
    static const Ranks ranks = ranksOf(kindsFirst(), kindsLast());
    return ranks;
}
} // namespace

bool isBefore(const Gvk &left, const Gvk &right)
{
    const Ranks &ranks = usualRanks();
    const int leftRank = rankOf(ranks, left.kind);
    const int rightRank = rankOf(ranks, right.kind);
    return leftRank != rightRank ? leftRank < rightRank : sortText(left) < sortText(right);
}

Expected<std::vector<std::size_t>> sortedPlaces(const std::vector<const ResourceId *> &ids,
                                                const std::optional<SortOptions> &options)
{
    std::vector<std::size_t> places(ids.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    if (options && options->order != "fifo" && options->order != "legacy")
        return failure(ErrorCode::InvalidInput, "the field 'sortOptions.order' must be one of [fifo, legacy]");
    if (options && options->order == "fifo") {
        if (options->legacy)
            return failure(ErrorCode::InvalidInput, "the field 'sortOptions.legacySortOptions' is set but the selected "
                                                    "sort order is 'fifo', not 'legacy'");
        return places;
    }
    const bool isCustom = options && options->legacy;
    const Ranks custom = isCustom ? ranksOf(options->legacy->orderFirst, options->legacy->orderLast) : Ranks();
    const Ranks &ranks = isCustom ? custom : usualRanks();
    std::vector<Key> keys;
    keys.reserve(ids.size());
    for (const ResourceId *id : ids)
        keys.push_back({rankOf(ranks, id->gvk.kind), sortText(id->gvk), sortText(*id), id->gvk.kind == "Namespace",
                        !id->gvk.group.empty()});
    std::ranges::stable_sort(places,
                             [&](std::size_t left, std::size_t right) { return isBeforeKey(keys[left], keys[right]); });
    return places;
}

} // namespace tiphys::render::kustomize
