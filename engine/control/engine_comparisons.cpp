// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/run_on.h"
#include "control/checking_tools.h"
#include "control/comparison_view.h"
#include "control/engine_core.h"
#include "control/source_rendering.h"

#include <algorithm>

/// What the engine answers about two revisions of a repository.
namespace tiphys::control {

namespace {

/// The findings of \p checks, and which applications of \p with could not be rendered.
std::vector<service::ToolVerdict> verdictsOf(const std::vector<ToolCheck> &checks, const service::Comparison &with)
{
    std::vector<service::ToolVerdict> verdicts;
    for (const ToolCheck &check : checks) {
        service::ToolVerdict verdict{.folder = check.folder,
                                     .tool = check.tool,
                                     .kind = {},
                                     .objects = static_cast<int>(check.objects),
                                     .text = {}};
        verdict.kind = !check.problem.empty()     ? service::ToolVerdict::Kind::NotAsked
                       : check.difference.empty() ? service::ToolVerdict::Kind::Agrees
                                                  : service::ToolVerdict::Kind::Differs;
        verdict.text = check.problem.empty() ? check.difference : check.problem;
        verdicts.push_back(std::move(verdict));
    }
    for (const service::ComparedApp &app : with.applications) {
        if (!app.error.empty())
            verdicts.push_back({.folder = app.name,
                                .tool = {},
                                .kind = service::ToolVerdict::Kind::NotAsked,
                                .objects = 0,
                                .text = app.error});
    }
    return verdicts;
}

} // namespace

render::RenderContext EngineCore::comparisonContext() const
{
    render::RenderContext context;
    context.world = m_parts.world;
    context.jsonnet = m_parts.jsonnet.get();
    context.plugins = m_parts.plugins.get();
    return context;
}

CancelToken EngineCore::beginComparison()
{
    m_comparing.cancel();
    m_comparing = async::CancelSource(m_tasks.token());
    return m_comparing.token();
}

void EngineCore::cancelComparison()
{
    m_comparing.cancel();
}

Async<service::ComparisonAnswer> EngineCore::compareWith(service::CompareRequest request, service::Fetching fetching,
                                                         std::function<void(const std::string &)> progress)
{
    if (fetching == service::Fetching::WhenMissing && !m_parts.artifacts)
        co_return failure(ErrorCode::Unsupported, "this program was started without a way to fetch");
    const CancelToken cancel = beginComparison();
    const bool fetches =
        (fetching == service::Fetching::WhenMissing || m_parts.fetchesForComparisons) && m_parts.artifacts;
    const auto open = m_parts.openReader;
    const auto forEach = m_parts.forEach;
    render::RenderContext context = comparisonContext();
    for (int round = 0;; ++round) {
        const auto needs = std::make_shared<std::vector<render::RemoteNeed>>();
        const Expected<service::ComparisonPtr> comparison =
            co_await async::runOn(&m_pool, [open, forEach, request, context, needs] {
                render::RenderContext own = context;
                own.needs = needs.get();
                return comparisonOf(open, forEach, request, own);
            });
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!comparison)
            co_return std::unexpected(comparison.error());
        if (!fetches || needs->empty() || round == kMostRounds) {
            service::ComparisonAnswer answer{.comparison = *comparison, .missing = {}};
            for (const render::RemoteNeed &need : *needs)
                answer.missing.push_back(need.text());
            std::ranges::sort(answer.missing);
            const auto doubled = std::ranges::unique(answer.missing);
            answer.missing.erase(doubled.begin(), doubled.end());
            co_return answer;
        }
        const remote::RemoteParts parts{
            .artifacts = m_parts.artifacts, .repositories = m_parts.repositories, .accessOf = {}};
        for (const render::RemoteNeed &need : *needs) {
            if (progress)
                progress(need.text());
            const Expected<remote::FetchedContentPtr> more =
                co_await remote::withFetched(parts, m_fetchedForComparisons, {need}, cancel);
            if (!more)
                co_return std::unexpected(more.error());
            m_fetchedForComparisons = *more;
        }
        context.remote = m_fetchedForComparisons;
    }
}

Async<service::ComparisonPtr> EngineCore::compare(service::CompareRequest request)
{
    const Expected<service::ComparisonAnswer> answer = co_await compareWith(request, service::Fetching::No, {});
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return answer->comparison;
}

Async<std::vector<service::ToolVerdict>> EngineCore::verifyWithTools(service::CompareRequest request)
{
    if (!m_parts.tools)
        co_return failure(ErrorCode::Unsupported, "this program was started without a way to run helm and kustomize");
    const CancelToken cancel = beginComparison();
    const auto open = m_parts.openReader;
    const auto forEach = m_parts.forEach;
    render::RenderContext context = comparisonContext();
    context.remote = m_fetchedForComparisons;
    const auto checking = std::make_shared<CheckingTools>(*m_parts.tools, context);
    context.tools = checking.get();
    const Expected<service::ComparisonPtr> comparison = co_await async::runOn(
        &m_pool, [open, forEach, request, context, checking] { return comparisonOf(open, forEach, request, context); });
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (!comparison)
        co_return std::unexpected(comparison.error());
    co_return verdictsOf(checking->checks(), **comparison);
}

} // namespace tiphys::control
