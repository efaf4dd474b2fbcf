// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/source_revisions.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::cli {

Expected<std::vector<std::string>> sourceRevisions(const crd::Application &app, const AppFlags &flags)
{
    const std::string name(app.name());
    if (flags.revisions.empty()) {
        if (app.spec.hasMultipleSources() && !flags.revision.empty())
            return failure(ErrorCode::InvalidInput,
                           "application " + tiphys::quoted(name)
                               + " has several sources: name revisions by --revisions and --source-positions");
        return std::vector<std::string>();
    }
    if (!app.spec.hasMultipleSources())
        return failure(ErrorCode::InvalidInput,
                       "application " + tiphys::quoted(name) + " has one source: name its revision by --revision");
    const auto &sources = app.spec.sources;
    std::vector<std::string> revisions(sources.size());
    for (std::size_t i = 0; i < flags.revisions.size(); ++i) {
        std::size_t place = 0;
        if (!flags.sourcePositions.empty()) {
            place = static_cast<std::size_t>(flags.sourcePositions[i]) - 1;
        } else {
            const auto found = std::ranges::find(sources, flags.sourceNames[i], &crd::ApplicationSource::name);
            place = static_cast<std::size_t>(found - sources.begin());
        }
        if (place >= sources.size())
            return failure(ErrorCode::NotFound,
                           "application " + tiphys::quoted(name)
                               + (flags.sourceNames.empty()
                                      ? " has only " + std::to_string(sources.size()) + " sources"
                                      : " has no source named " + tiphys::quoted(flags.sourceNames[i])));
        revisions[place] = flags.revisions[i];
    }
    return revisions;
}

} // namespace tiphys::cli
