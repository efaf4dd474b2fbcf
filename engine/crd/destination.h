// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"

#include <string>
#include <vector>

namespace tiphys::crd {

/// Where an Application is applied: a cluster by API URL or by name, and the default namespace.
struct Destination
{
    std::string server;
    std::string ns;
    std::string name;

    bool operator==(const Destination &) const = default;
};
Destination readDestination(const FieldReader &reader);
object::Value toValue(const Destination &destination);

/// A rule of `spec.ignoreDifferences`: fields of matching objects that do not count.
struct IgnoreDifference
{
    std::string group; ///< glob
    std::string kind;  ///< glob
    std::string name;  ///< exact; "" matches every name
    std::string ns;    ///< exact; "" matches every namespace
    std::vector<std::string> jsonPointers;
    std::vector<std::string> jqPathExpressions;
    std::vector<std::string> managedFieldsManagers;

    bool operator==(const IgnoreDifference &) const = default;
};
IgnoreDifference readIgnoreDifference(const FieldReader &reader);
object::Value toValue(const IgnoreDifference &rule);

/// Labels and annotations of the destination namespace.
struct ManagedNamespaceMetadata
{
    TextMap labels;
    TextMap annotations;

    bool operator==(const ManagedNamespaceMetadata &) const = default;
};
ManagedNamespaceMetadata readManagedNamespaceMetadata(const FieldReader &reader);
object::Value toValue(const ManagedNamespaceMetadata &metadata);

} // namespace tiphys::crd
