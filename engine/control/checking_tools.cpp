// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/checking_tools.h"

#include "base/text.h"
#include "object/json.h"
#include "render/helm/chart_inflation.h"
#include "render/helm/helm_render.h"
#include "render/helm/template_cache.h"
#include "render/kustomize/argo_source.h"

#include <algorithm>
#include <tuple>

namespace tiphys::control {

using render::Rendered;
using render::RenderedObject;

namespace {

/// Where \p ours and \p theirs differ first, as one sentence; "" if they are the same objects in the same order.
std::string firstDifference(const std::vector<RenderedObject> &ours, const std::vector<RenderedObject> &theirs)
{
    for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
        const object::ObjectKey key = ours[i].object.key();
        if (key != theirs[i].object.key())
            return "object " + std::to_string(i + 1) + " is " + key.text() + " here and "
                   + theirs[i].object.key().text() + " there";
        if (object::toJson(ours[i].object.value()) != object::toJson(theirs[i].object.value()))
            return key.text() + " has other content";
    }
    if (ours.size() != theirs.size())
        return std::to_string(ours.size()) + " objects here, " + std::to_string(theirs.size()) + " there";
    return {};
}

} // namespace

Expected<Rendered> CheckingTools::chart(const render::FileTree &files, const std::string &folder,
                                        const render::HelmOptions &options)
{
    const text::SprigWorldPtr world = m_context.world ? m_context.world : std::make_shared<const text::SprigWorld>();
    render::TemplateCache templates;
    const Expected<Rendered> ours =
        render::renderChartFolder(files, folder, options, world, templates, {m_context.remote.get(), nullptr});
    note({.folder = folder, .tool = "helm", .objects = 0, .difference = {}, .problem = {}}, ours,
         m_tools.chart(files, folder, options));
    return ours;
}

Expected<Rendered> CheckingTools::kustomization(const render::FileTree &files, const std::string &folder,
                                                const render::KustomizeCall &call)
{
    Expected<render::KustomizeOptions> options = render::kustomizeBuildOptions(join(call.flags, " "));
    if (!options)
        return std::unexpected(options.error());
    options->remote = m_context.remote.get();
    options->helm = render::chartInflator(files, m_context);
    const Expected<Rendered> ours =
        render::renderKustomizeSource(call.options, files, folder, std::move(*options), call.substitute);
    note({.folder = folder, .tool = "kustomize", .objects = 0, .difference = {}, .problem = {}}, ours,
         m_tools.kustomization(files, folder, call));
    return ours;
}

void CheckingTools::note(ToolCheck check, const Expected<Rendered> &ours, const Expected<Rendered> &theirs)
{
    if (ours)
        check.objects = ours->objects.size();
    if (!theirs && !ours && theirs.error().code() == ErrorCode::InvalidInput)
        check.difference.clear(); // both refuse it
    else if (!theirs && theirs.error().code() == ErrorCode::InvalidInput)
        check.difference = "it refuses what is rendered here: " + theirs.error().text();
    else if (!theirs)
        check.problem = theirs.error().text();
    else if (!ours)
        check.difference = "it renders what is refused here: " + ours.error().text();
    else
        check.difference = firstDifference(ours->objects, theirs->objects);
    const std::lock_guard lock(m_mutex);
    if (std::ranges::find(m_checks, check) == m_checks.end())
        m_checks.push_back(std::move(check));
}

std::vector<ToolCheck> CheckingTools::checks() const
{
    std::vector<ToolCheck> checks;
    {
        const std::lock_guard lock(m_mutex);
        checks = m_checks;
    }
    std::ranges::sort(checks, {}, [](const ToolCheck &check) {
        return std::tie(check.folder, check.tool, check.difference, check.problem);
    });
    return checks;
}

} // namespace tiphys::control
