// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "object/object.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tiphys::sync::test {

/// The value of a YAML text of the test; a mistake in it fails the test.
inline object::Value yaml(std::string_view text)
{
    const Expected<object::Value> value = object::parseYaml(text);
    EXPECT_TRUE(value) << (value ? "" : value.error().text());
    return value.value_or(object::Value());
}

/// A small object in namespace "shop", with annotations "key: value, key: value".
inline object::Object thing(std::string_view apiVersion, std::string_view kind, std::string_view name,
                            std::string_view annotations = {})
{
    std::string text = "apiVersion: " + std::string(apiVersion) + "\nkind: " + std::string(kind)
                       + "\nmetadata: {name: " + std::string(name) + ", namespace: shop";
    if (!annotations.empty())
        text += ", annotations: {" + std::string(annotations) + '}';
    return object::Object(yaml(text + "}\n"));
}

inline object::Object configMap(std::string_view name, std::string_view annotations = {})
{
    return thing("v1", "ConfigMap", name, annotations);
}

/// The annotation of a sync wave.
inline std::string wave(int number)
{
    return "argocd.argoproj.io/sync-wave: \"" + std::to_string(number) + '"';
}
/// The annotation of sync options.
inline std::string options(std::string_view list)
{
    return "argocd.argoproj.io/sync-options: \"" + std::string(list) + '"';
}

/// A Job that is a hook.
inline object::Object hookJob(std::string_view name, std::string_view type, std::string_view policy = {})
{
    std::string annotations = "argocd.argoproj.io/hook: \"" + std::string(type) + '"';
    if (!policy.empty())
        annotations += ", argocd.argoproj.io/hook-delete-policy: \"" + std::string(policy) + '"';
    return thing("batch/v1", "Job", name, annotations);
}

/// An Application "shop" in namespace argocd; \p spec goes on below `spec:`, \p rest at the top level.
inline crd::Application application(std::string_view spec = {}, std::string_view rest = {})
{
    const std::string text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
                             "metadata: {name: shop, namespace: argocd, resourceVersion: \"7\"}\n"
                             "spec:\n  project: default\n  source: {repoURL: https://git/shop, path: deploy}\n"
                             "  destination: {server: https://kubernetes.default.svc, namespace: shop}\n"
                             + std::string(spec) + std::string(rest);
    const Expected<crd::Application> app = crd::applicationOf(object::Object(yaml(text)));
    EXPECT_TRUE(app) << (app ? "" : app.error().text());
    return app.value_or(crd::Application{});
}

} // namespace tiphys::sync::test
