// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/remote_content.h"

#include "base/repo_url.h"
#include "base/text.h"

#include <algorithm>

namespace tiphys::render {

std::string ChartReference::text() const
{
    return "chart " + quoted(name) + (version.empty() ? "" : " " + version) + " of " + shownUrl(repository);
}

std::string RemoteNeed::text() const
{
    if (chart)
        return chart->text();
    if (artifact)
        return "artifact " + shownUrl(artifact->url) + (artifact->revision.empty() ? "" : " " + artifact->revision);
    return (repository ? "repository " : "file ") + shownUrl(url);
}

void RemoteAccess::note(RemoteNeed need) const
{
    if (needs && !std::ranges::contains(*needs, need))
        needs->push_back(std::move(need));
}

Error fetchFailure(const Error &error)
{
    return error.code() == ErrorCode::Unavailable ? Error(ErrorCode::NotFound, error.text()) : error;
}

} // namespace tiphys::render
