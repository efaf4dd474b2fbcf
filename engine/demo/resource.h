// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"
#include "object/object.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::demo {

/// A kind that the demo cluster serves, in all its versions.
struct Resource
{
    std::string group;
    std::vector<std::string> versions; ///< the first is preferred, and stored
    std::string kind;
    std::string plural;
    std::string singular;
    std::vector<std::string> shortNames;
    std::vector<std::string> categories;
    bool isNamespaced = true;
    bool hasStatus = false; ///< has a status subresource: writes of the object leave its status alone
    bool hasScale = false;
    bool isCustom = false;        ///< comes from a CustomResourceDefinition
    object::Value printerColumns; ///< `additionalPrinterColumns` of a custom kind

    /// "apps/v1".
    std::string apiVersion() const;
    object::GroupKind groupKind() const { return {group, kind}; }
    bool hasVersion(std::string_view version) const;
    /// "deployments.apps", "pods".
    std::string text() const;
};

/// The kinds that are served: built-in ones, and those that definitions in the cluster add.
class Catalog
{
public:
    /// Built-in kinds only.
    Catalog();

    /// The resource "deployments" of a group; null if it is not served.
    const Resource *byPlural(std::string_view group, std::string_view plural) const;
    /// The resource of a kind; null if it is not served.
    const Resource *byKind(const object::GroupKind &kind) const;
    /// Everything served, by group and plural.
    std::vector<const Resource *> all() const;
    /// Adds or replaces what a CustomResourceDefinition describes.
    void define(const object::Object &definition);
    /// Takes the kind of a CustomResourceDefinition away.
    void undefine(const object::Object &definition);

private:
    using Key = std::pair<std::string, std::string>;
    std::map<Key, Resource> m_byPlural;
    std::map<object::GroupKind, Key> m_byKind;
};

} // namespace tiphys::demo
