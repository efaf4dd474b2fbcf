// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/destination.h"

#include "crd/field_writer.h"

namespace tiphys::crd {

using object::Value;

Destination readDestination(const FieldReader &reader)
{
    return {reader.text("server"), reader.text("namespace"), reader.text("name")};
}

Value toValue(const Destination &destination)
{
    return FieldWriter({})
        .text("server", destination.server)
        .text("namespace", destination.ns)
        .text("name", destination.name)
        .finish();
}

IgnoreDifference readIgnoreDifference(const FieldReader &reader)
{
    return {reader.text("group"),
            reader.text("kind"),
            reader.text("name"),
            reader.text("namespace"),
            reader.texts("jsonPointers"),
            reader.texts("jqPathExpressions"),
            reader.texts("managedFieldsManagers")};
}

Value toValue(const IgnoreDifference &rule)
{
    return FieldWriter({})
        .text("group", rule.group)
        .requiredText("kind", rule.kind)
        .text("name", rule.name)
        .text("namespace", rule.ns)
        .texts("jsonPointers", rule.jsonPointers)
        .texts("jqPathExpressions", rule.jqPathExpressions)
        .texts("managedFieldsManagers", rule.managedFieldsManagers)
        .finish();
}

ManagedNamespaceMetadata readManagedNamespaceMetadata(const FieldReader &reader)
{
    return {reader.textMap("labels"), reader.textMap("annotations")};
}

Value toValue(const ManagedNamespaceMetadata &metadata)
{
    return FieldWriter({}).textMap("labels", metadata.labels).textMap("annotations", metadata.annotations).finish();
}

} // namespace tiphys::crd
