// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/definitions.h"

#include "crd/names.h"

#include <string>
#include <string_view>

namespace tiphys::crd {

using object::Object;
using object::Value;

namespace {

struct Definition
{
    std::string_view kind;
    std::string_view singular;
    std::string_view plural;
    std::vector<Value> shortNames;
    std::vector<Value> columns;
    std::vector<Value> requiredInSpec;
};

Value column(std::string_view name, std::string_view path, int priority = 0)
{
    Value value = Value::map({{"name", name}, {"type", "string"}, {"jsonPath", path}});
    return priority > 0 ? value.with("priority", priority) : value;
}

Value openObject()
{
    return Value::map({{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}});
}

Object definitionOf(const Definition &definition)
{
    Value spec = openObject();
    if (!definition.requiredInSpec.empty())
        spec = spec.with("required", Value::list(definition.requiredInSpec));
    const Value schema = Value::map(
        {{"type", "object"},
         {"x-kubernetes-preserve-unknown-fields", true},
         {"required", Value::list({"metadata", "spec"})},
         {"properties", Value::map({{"spec", spec}, {"status", openObject()}, {"operation", openObject()}})}});
    Value version = Value::map({{"name", kVersion},
                                {"served", true},
                                {"storage", true},
                                {"schema", Value::map({{"openAPIV3Schema", schema}})}});
    if (!definition.columns.empty())
        version = version.with("additionalPrinterColumns", Value::list(definition.columns));
    Value names = Value::map({{"kind", definition.kind},
                              {"listKind", std::string(definition.kind) + "List"},
                              {"plural", definition.plural},
                              {"singular", definition.singular}});
    if (!definition.shortNames.empty())
        names = names.with("shortNames", Value::list(definition.shortNames));
    const std::string name = std::string(definition.plural) + "." + std::string(kGroup);
    return Object(Value::map(
        {{"apiVersion", "apiextensions.k8s.io/v1"},
         {"kind", "CustomResourceDefinition"},
         {"metadata", Value::map({{"name", name},
                                  {"labels", Value::map({{"app.kubernetes.io/name", name},
                                                         {"app.kubernetes.io/part-of", "argocd"}})}})},
         {"spec",
          Value::map(
              {{"group", kGroup}, {"names", names}, {"scope", "Namespaced"}, {"versions", Value::list({version})}})}}));
}

} // namespace

std::vector<Object> customResourceDefinitions()
{
    return {
        definitionOf({kApplicationKind,
                      "application",
                      "applications",
                      {"app", "apps"},
                      {column("Sync Status", ".status.sync.status"), column("Health Status", ".status.health.status"),
                       column("Revision", ".status.sync.revision", 10), column("Project", ".spec.project", 10)},
                      {"destination", "project"}}),
        definitionOf({kProjectKind, "appproject", "appprojects", {"appproj", "appprojs"}, {}, {}}),
        definitionOf({kApplicationSetKind, "applicationset", "applicationsets", {"appset", "appsets"}, {}, {}}),
    };
}

} // namespace tiphys::crd
