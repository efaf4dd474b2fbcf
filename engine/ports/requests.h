// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::ports {

enum class Detail {
    Full,
    Metadata, ///< apiVersion, kind and metadata only (PartialObjectMetadata); kind is that of the object
};

enum class ManagedFields { Kept, Dropped };

/// How fresh a read has to be.
enum class Consistency {
    MostRecent, ///< the latest state of the store
    Any,        ///< what the server has in its cache: cheap, may be old
};

/// A change made to every object while it is decoded, on a pool thread: pure, fast, thread-safe. Used to drop what
/// nobody may keep (Secret data) or needs.
using Transform = std::function<object::Object(object::Object)>;

struct GetOptions
{
    Consistency consistency = Consistency::MostRecent;
    Detail detail = Detail::Full;
    std::string subresource; ///< "status", "scale" or ""
};

/// What a list or watch is about.
struct Selection
{
    std::string ns;            ///< "" for all namespaces
    std::string labelSelector; ///< as kubectl's -l
    std::string fieldSelector;
    Detail detail = Detail::Full;
    ManagedFields managedFields = ManagedFields::Kept;
    Transform transform;
};

struct ListOptions : Selection
{
    Consistency consistency = Consistency::MostRecent;
    int pageSize = 500;
    /// Objects read so far, and how many the server says remain (0 if it does not say).
    std::function<void(std::size_t loaded, std::size_t remaining)> onProgress;
};

/// Items have apiVersion and kind even where the server leaves them out of lists.
struct ObjectList
{
    std::vector<object::Object> items;
    std::string resourceVersion;
};

struct WatchOptions : Selection
{
    std::string resourceVersion;     ///< events after this one; "" starts with all objects as Added
    std::function<void()> onStarted; ///< called once the server has accepted the watch
};

enum class WatchEventType { Added, Modified, Deleted, Bookmark };

struct WatchEvent
{
    WatchEventType type;
    object::Object object; ///< Bookmark: only metadata.resourceVersion counts
};

enum class PatchType {
    Json,           ///< RFC 6902
    Merge,          ///< RFC 7386
    StrategicMerge, ///< built-in kinds only
    Apply,          ///< server-side apply
};

enum class FieldValidation { Ignore, Warn, Strict };
enum class DryRun { No, All };
enum class Force { No, Yes };

struct WriteOptions
{
    std::string fieldManager = "tiphys";
    DryRun dryRun = DryRun::No;
    Force force = Force::No; ///< take over fields of other managers; Apply only
    FieldValidation fieldValidation = FieldValidation::Warn;
    std::string subresource; ///< "status", "scale" or ""
};

struct Patch
{
    PatchType type;
    object::Value body;
};

/// What the server made of a write.
struct Written
{
    object::Object object;
    std::vector<std::string> warnings; ///< texts of `Warning` headers
};

enum class Propagation { Background, Foreground, Orphan };

struct DeleteOptions
{
    std::optional<Propagation> propagation; ///< nothing: the kind's own default
    std::optional<std::int64_t> gracePeriodSeconds;
    std::string uid;             ///< only if the object still has this uid; "" for any
    std::string resourceVersion; ///< only if the object is still at this version; "" for any
    DryRun dryRun = DryRun::No;
};

/// `pods/log`.
struct LogOptions
{
    std::string container; ///< "" if the pod has one, or names a default one
    bool follows = false;
    bool isPrevious = false;
    bool hasTimestamps = false;
    std::optional<std::int64_t> sinceSeconds;
    std::string sinceTime; ///< RFC 3339; not together with sinceSeconds
    std::optional<std::int64_t> tailLines;
    std::optional<std::int64_t> limitBytes;
    std::function<void()> onStarted = {}; ///< called once the server has accepted
};

/// Who the server says we are.
struct UserInfo
{
    std::string name;
    std::string uid;
    std::vector<std::string> groups;
    std::map<std::string, std::vector<std::string>> extra;

    bool operator==(const UserInfo &) const = default;
};

/// One question about rights. "*" is every verb, group or resource; "" as namespace is all of them, as name any.
struct AccessQuestion
{
    std::string verb;
    std::string group;
    std::string resource; ///< plural
    std::string subresource;
    std::string ns;
    std::string name;

    auto operator<=>(const AccessQuestion &) const = default;
    /// "delete pods/log 'web' in namespace 'shop'".
    std::string text() const;
};

struct Access
{
    bool isAllowed = false;
    std::string reason; ///< the server's words, may be ""

    bool operator==(const Access &) const = default;
};

/// What one user may do in one namespace, as far as the server can tell: hides nothing, proves no refusal.
struct AccessRules
{
    struct Rule
    {
        std::vector<std::string> verbs;
        std::vector<std::string> groups;
        std::vector<std::string> resources; ///< "pods", "pods/log", "*", "*/scale"
        std::vector<std::string> names;     ///< empty: any name

        bool operator==(const Rule &) const = default;
    };
    std::vector<Rule> rules;
    bool isIncomplete = false;

    /// True if a rule allows \p question; false proves nothing while isIncomplete.
    bool allows(const AccessQuestion &question) const;

    bool operator==(const AccessRules &) const = default;
};

struct ServerVersion
{
    std::string major;
    std::string minor;
    std::string gitVersion; ///< "v1.36.3"

    bool operator==(const ServerVersion &) const = default;
};

} // namespace tiphys::ports
