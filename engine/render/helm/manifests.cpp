// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/manifests.h"

#include "base/text.h"
#include "object/yaml.h"
#include "object/yaml_texts.h"
#include "render/directory.h"
#include "render/helm/manifest_head.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

namespace tiphys::render {

using object::Value;

namespace {

constexpr std::array<std::string_view, 39> kInstallOrder{"PriorityClass",
                                                         "Namespace",
                                                         "NetworkPolicy",
                                                         "ResourceQuota",
                                                         "LimitRange",
                                                         "PodSecurityPolicy",
                                                         "PodDisruptionBudget",
                                                         "ServiceAccount",
                                                         "Secret",
                                                         "SecretList",
                                                         "ConfigMap",
                                                         "StorageClass",
                                                         "PersistentVolume",
                                                         "PersistentVolumeClaim",
                                                         "CustomResourceDefinition",
                                                         "ClusterRole",
                                                         "ClusterRoleList",
                                                         "ClusterRoleBinding",
                                                         "ClusterRoleBindingList",
                                                         "Role",
                                                         "RoleList",
                                                         "RoleBinding",
                                                         "RoleBindingList",
                                                         "Service",
                                                         "DaemonSet",
                                                         "Pod",
                                                         "ReplicationController",
                                                         "ReplicaSet",
                                                         "Deployment",
                                                         "HorizontalPodAutoscaler",
                                                         "StatefulSet",
                                                         "Job",
                                                         "CronJob",
                                                         "IngressClass",
                                                         "Ingress",
                                                         "APIService",
                                                         "MutatingWebhookConfiguration",
                                                         "ValidatingWebhookConfiguration",
                                                         ""};
constexpr std::size_t kKnownKinds = kInstallOrder.size() - 1;

constexpr std::array<std::string_view, 10> kHookEvents{"pre-install", "post-install", "pre-delete",   "post-delete",
                                                       "pre-upgrade", "post-upgrade", "pre-rollback", "post-rollback",
                                                       "test",        "test-success"};

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view withoutLeadingSpace(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    return text;
}

/// Documents of \p text, cut at "---" at the start of a line.
std::vector<std::string_view> documentsOf(std::string_view text)
{
    std::vector<std::string_view> documents;
    const auto add = [&](std::string_view document) {
        document = withoutLeadingSpace(document);
        if (!document.empty())
            documents.push_back(document);
    };
    text = withoutLeadingSpace(text);
    std::size_t begin = 0;
    for (std::size_t line = 0; line < text.size();) {
        if (text.substr(line).starts_with("---")) {
            add(text.substr(begin, line - begin));
            begin = line + 3;
            while (begin < text.size() && (text[begin] == ' ' || text[begin] == '\t'))
                ++begin;
        }
        const auto end = text.find('\n', line);
        if (end == std::string_view::npos)
            break;
        line = end + 1;
    }
    add(text.substr(begin));
    return documents;
}

/// Whether a line feed behind \p text changes nothing of what it means: no block scalar takes it.
bool endsAlike(std::string_view text)
{
    if (!text.ends_with('\n'))
        return text.find_first_of("|>") == std::string_view::npos;
    // Behind a line feed only those that keep all of them take one more: "|+", ">2+".
    for (std::size_t plus = text.find('+'); plus != std::string_view::npos; plus = text.find('+', plus + 1)) {
        std::size_t at = plus;
        if (at > 1 && text[at - 1] >= '0' && text[at - 1] <= '9')
            --at;
        if (at > 0 && (text[at - 1] == '|' || text[at - 1] == '>'))
            return false;
    }
    return true;
}

bool isOneDocument(std::string_view text)
{
    return !text.starts_with("---") && !text.contains("\n---");
}

/// One document with what its order depends on.
struct Sorted
{
    HelmManifest manifest;
    std::string kind;
    bool isTest = false;
};

std::size_t rankOf(std::string_view kind)
{
    const auto end = kInstallOrder.begin() + kKnownKinds;
    return static_cast<std::size_t>(std::find(kInstallOrder.begin(), end, kind) - kInstallOrder.begin());
}

bool isInstalledBefore(const Sorted &a, const Sorted &b)
{
    const std::size_t rankA = rankOf(a.kind);
    const std::size_t rankB = rankOf(b.kind);
    if (rankA != rankB)
        return rankA < rankB;
    return rankA == kKnownKinds && a.kind < b.kind;
}

/// Whether the hook is known, and runs as a test; nothing for an unknown one, which is dropped.
std::optional<bool> isTestHook(std::string_view hooks)
{
    bool isTest = false;
    for (const std::string_view part : split(hooks, ',')) {
        const std::string event = asciiLower(trimmed(part));
        if (!std::ranges::contains(kHookEvents, event))
            return std::nullopt;
        isTest = isTest || event.starts_with("test");
    }
    return isTest;
}

class Sorting
{
public:
    std::vector<Sorted> manifests;
    std::vector<Sorted> hooks;

    /// \p value is what \p document means.
    Expected<void> add(const std::string &path, std::string_view document, const Value &value)
    {
        Expected<ManifestHead> head = manifestHeadOf(value);
        if (!head)
            return std::unexpected(head.error().in("YAML parse error on " + path));
        Sorted sorted{.manifest = {.source = path, .text = document}, .kind = std::move(head->kind)};
        if (isOneDocument(document) && endsAlike(document))
            sorted.manifest.value = value;
        if (!head->hook) {
            manifests.push_back(std::move(sorted));
            return {};
        }
        const std::optional<bool> isTest = isTestHook(*head->hook);
        if (!isTest)
            return {};
        sorted.isTest = *isTest;
        sorted.manifest.isHook = true;
        hooks.push_back(std::move(sorted));
        return {};
    }
};

} // namespace

Expected<HelmOutput> outputOf(std::map<std::string, std::string> rendered, const std::vector<CrdFile> &crds,
                              Tests tests, const ForEach &forEach)
{
    HelmOutput output{.texts = std::move(rendered), .manifests = {}};
    std::vector<const std::string *> paths; ///< of each document
    std::vector<std::string_view> documents;
    for (const auto &[path, text] : output.texts) {
        if (path.ends_with("NOTES.txt") || withoutLeadingSpace(text).empty())
            continue;
        for (const std::string_view document : documentsOf(text)) {
            paths.push_back(&path);
            documents.push_back(document);
        }
    }
    const object::YamlTexts read = object::parseYamlTexts(documents, forEach);
    Sorting sorting;
    for (std::size_t i = 0; i < read.values.size(); ++i) {
        if (const Expected<void> added = sorting.add(*paths[i], documents[i], read.values[i]); !added)
            return std::unexpected(added.error());
    }
    if (read.fault)
        return std::unexpected(
            read.fault->in("error converting YAML to JSON").in("YAML parse error on " + *paths[read.values.size()]));
    std::ranges::stable_sort(sorting.manifests, isInstalledBefore);
    std::ranges::stable_sort(sorting.hooks, isInstalledBefore);
    for (const CrdFile &file : crds)
        output.manifests.push_back(
            {.source = file.source, .text = file.text, .value = std::nullopt, .isCrdFile = true});
    for (Sorted &sorted : sorting.manifests)
        output.manifests.push_back(std::move(sorted.manifest));
    for (Sorted &sorted : sorting.hooks) {
        if (!sorted.isTest || tests == Tests::Include)
            output.manifests.push_back(std::move(sorted.manifest));
    }
    return output;
}

namespace {

/// Collects the objects of manifests.
class Objects
{
public:
    explicit Objects(Lists lists) : m_lists(lists) {}

    Rendered rendered{.type = SourceType::Helm, .objects = {}, .warnings = {}};

    Expected<void> add(const Value &value, const std::string &source)
    {
        if (value.isNull() || (value.isMap() && value.isEmpty()))
            return {};
        if (!value.isMap())
            return failure(ErrorCode::InvalidInput, source + ": failed to unmarshal manifest: not an object");
        if (m_lists == Lists::Keep) {
            rendered.objects.push_back({object::Object(value), source});
            return {};
        }
        const Expected<std::vector<object::Object>> objects = withoutLists({object::Object(value)});
        if (!objects)
            return std::unexpected(objects.error().in(source));
        for (const object::Object &object : *objects)
            rendered.objects.push_back({object, source});
        return {};
    }

    Lists m_lists;
};

/// The documents of the manifests whose value is not known yet.
struct UnreadTexts
{
    explicit UnreadTexts(const std::vector<HelmManifest> &manifests) : counts(manifests.size())
    {
        for (std::size_t i = 0; i < manifests.size(); ++i) {
            if (manifests[i].value)
                continue;
            std::string_view text = manifests[i].text;
            // The line feed that Helm writes after each document ends its last block scalar.
            if (!endsAlike(text))
                text = ended.emplace_back(text) += '\n';
            const std::vector<std::string_view> own = object::splitYamlDocuments(text);
            counts[i] = own.size();
            documents.insert(documents.end(), own.begin(), own.end());
        }
    }

    std::vector<std::size_t> counts; ///< documents of each manifest
    std::vector<std::string_view> documents;
    std::deque<std::string> ended; ///< texts that documents look at
};

} // namespace

Expected<Rendered> renderedOf(const std::vector<HelmManifest> &manifests, Lists lists, const ForEach &forEach)
{
    const UnreadTexts unread(manifests);
    const object::YamlTexts read = object::parseYamlTexts(unread.documents, forEach);
    Objects objects(lists);
    std::size_t at = 0;
    for (std::size_t i = 0; i < manifests.size(); ++i) {
        const std::string &source = manifests[i].source;
        if (manifests[i].value) {
            if (const Expected<void> added = objects.add(*manifests[i].value, source); !added)
                return std::unexpected(added.error());
            continue;
        }
        for (std::size_t left = unread.counts[i]; left > 0; --left, ++at) {
            if (at == read.values.size())
                return std::unexpected(read.fault->in(source));
            if (const Expected<void> added = objects.add(read.values[at], source); !added)
                return std::unexpected(added.error());
        }
    }
    return std::move(objects.rendered);
}

} // namespace tiphys::render
