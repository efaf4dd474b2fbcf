// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/differences.h"

#include "cli/diff_report.h"

#include <cstdio>
#include <utility>

namespace tiphys::cli {

using object::Object;

std::vector<Difference> differencesOf(const NamedApp &named, const control::Evaluation &evaluation)
{
    std::vector<Difference> differences;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        if (resource.status.status != crd::SyncCode::OutOfSync)
            continue;
        const Object before = resource.live.isNull() ? Object() : resource.diff.normalizedLive;
        const Object after = resource.target.isNull() ? Object() : resource.diff.predictedLive;
        const std::string name = resource.status.key().path();
        std::string patch = objectPatch(before.isNull() && !resource.live.isNull() ? resource.live : before,
                                        after.isNull() && !resource.target.isNull() ? resource.target : after, "live/" + name,
                                        "desired/" + name, named.session->settings().maskedAnnotations);
        differences.push_back({&resource, std::move(patch)});
    }
    return differences;
}

std::string differencesText(const std::vector<Difference> &differences)
{
    std::string text;
    for (const Difference &difference : differences)
        text += "===== " + difference.resource->status.key().text() + "\n" + difference.patch;
    return text;
}

void tellWarnings(const control::Evaluation &evaluation)
{
    for (const std::string &warning : evaluation.warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
}

} // namespace tiphys::cli
