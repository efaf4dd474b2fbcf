// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/external_tools.h"
#include "render/render_context.h"

#include <mutex>
#include <string>
#include <vector>

namespace tiphys::control {

/// What a tool of this machine made of one source, beside what this program makes of it.
struct ToolCheck
{
    std::string folder;
    std::string tool;        ///< "helm" or "kustomize"
    std::size_t objects = 0; ///< of this program
    std::string difference;  ///< where the two differ first, "" if they agree
    std::string problem;     ///< why it could not be asked, "" if it could

    bool operator==(const ToolCheck &) const = default;
};

/// Renders every source with the tools and with this program, notes where they differ, and gives what this program makes.
class CheckingTools final : public render::ExternalTools
{
public:
    /// \p context is what rendering depends on; its environment, references, templates and needs are not read.
    CheckingTools(render::ExternalTools &tools, render::RenderContext context)
        : m_tools(tools), m_context(std::move(context))
    {
    }

    bool areChosenFor(const std::string & /*application*/) const override { return true; }
    Expected<render::Rendered> chart(const render::FileTree &files, const std::string &folder,
                                     const render::HelmOptions &options) override;
    Expected<render::Rendered> kustomization(const render::FileTree &files, const std::string &folder,
                                             const render::KustomizeCall &call) override;

    /// What was found so far, equal findings once, by folder.
    std::vector<ToolCheck> checks() const;

private:
    void note(ToolCheck check, const Expected<render::Rendered> &ours, const Expected<render::Rendered> &theirs);

    render::ExternalTools &m_tools;
    render::RenderContext m_context;
    mutable std::mutex m_mutex; ///< guards the checks: sources are rendered side by side
    std::vector<ToolCheck> m_checks;
};

} // namespace tiphys::control
