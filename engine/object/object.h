// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"
#include "object/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// One entry of metadata.ownerReferences.
struct OwnerReference
{
    std::string apiVersion;
    std::string kind;
    std::string name;
    std::string uid;
    bool isController = false;
    bool blocksOwnerDeletion = false;

    bool operator==(const OwnerReference &) const = default;
};

/// A Kubernetes object: a map value with apiVersion, kind and metadata, read through names.
///
/// Nothing is checked: an absent or mistyped field reads as empty. Copies are as cheap as those of Value.
class Object
{
public:
    Object() = default;
    explicit Object(Value value) : m_value(std::move(value)) {}

    const Value &value() const { return m_value; }
    bool isNull() const { return m_value.isNull(); }

    std::string_view apiVersion() const { return text({"apiVersion"}); }
    std::string_view kind() const { return text({"kind"}); }
    std::string_view group() const;
    std::string_view version() const;
    std::string_view ns() const { return text({"metadata", "namespace"}); }
    std::string_view name() const { return text({"metadata", "name"}); }
    std::string_view generateName() const { return text({"metadata", "generateName"}); }
    std::string_view uid() const { return text({"metadata", "uid"}); }
    std::string_view resourceVersion() const { return text({"metadata", "resourceVersion"}); }
    std::string_view creationTimestamp() const { return text({"metadata", "creationTimestamp"}); }
    std::int64_t generation() const { return m_value.path({"metadata", "generation"}).intOr(0); }
    bool isBeingDeleted() const { return !m_value.path({"metadata", "deletionTimestamp"}).isNull(); }

    Gvk gvk() const { return gvkOf(apiVersion(), kind()); }
    GroupKind groupKind() const { return gvk().groupKind(); }
    ObjectKey key() const;

    /// metadata.annotations[name]; nothing if absent.
    std::optional<std::string_view> annotation(std::string_view name) const;
    /// metadata.labels[name]; nothing if absent.
    std::optional<std::string_view> label(std::string_view name) const;
    std::vector<OwnerReference> ownerReferences() const;
    std::vector<std::string> finalizers() const;
    bool hasFinalizer(std::string_view name) const;
    /// The value at the end of \p path of keys, null if absent.
    Value path(std::initializer_list<std::string_view> path) const { return m_value.path(path); }

    Object withAnnotation(std::string_view name, std::string_view text) const;
    Object withoutAnnotation(std::string_view name) const;
    Object withLabel(std::string_view name, std::string_view text) const;
    Object withNamespace(std::string_view ns) const;

    bool operator==(const Object &) const = default;

private:
    std::string_view text(std::initializer_list<std::string_view> path) const { return m_value.path(path).stringOr(); }

    Value m_value;
};

} // namespace tiphys::object
