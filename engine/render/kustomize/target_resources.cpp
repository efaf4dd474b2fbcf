// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/target.h"

#include <algorithm>
#include <utility>

namespace tiphys::render::kustomize {

namespace {

/// Fewer resources are not worth a thread: an overlay takes some fifty microseconds.
constexpr std::size_t kLeastSpread = 32;
constexpr std::size_t kParts = 4;

} // namespace

/// Some of the resources of a kustomization, built by themselves while others are built: nothing that changes is shared.
class Target::Side
{
public:
    Side(const Target &target, Paths paths) : m_paths(paths), m_options(target.m_loader.options()), m_target(target)
    {
        // What calls back, or is told as it comes, happens in its turn.
        m_options.forEach = {};
        m_options.helm = {};
        m_options.remote = nullptr;
        m_options.needs = &m_needs;
        m_target.m_build = &m_build;
        m_target.m_loader = target.m_loader.apart(m_options);
        const BuildContext &context = target.m_build->context;
        m_build.context.schema = context.schema;
        m_build.context.customSchema = context.customSchema;
        m_build.context.isSchemaChosen = context.isSchemaChosen;
    }
    Side(const Side &) = delete;
    Side &operator=(const Side &) = delete;

    void run()
    {
        std::optional<Error> unavailable;
        m_isDone = m_target.addInTurn(m_own, m_paths, unavailable).has_value() && !unavailable && m_needs.empty();
    }

    /// True if building it in its turn, behind what \p into and \p build have, would have given the same.
    bool fitsBehind(const Accumulation &into, const Build &build) const
    {
        const bool hasOneSchema = m_build.context.schema == build.context.schema
                                  && m_build.context.isSchemaChosen == build.context.isSchemaChosen;
        return m_isDone && hasOneSchema && m_own.config == into.config && m_own.vars.empty()
               && build.kustomizations + m_build.kustomizations <= kMostKustomizations
               && std::ranges::none_of(m_own.resources.all(), [&](const ResourcePtr &resource) {
                      return into.resources.countWithId(resource->currentId()) > 0;
                  });
    }

    std::size_t size() const { return m_paths.size(); }
    const ResourceList &resources() const { return m_own.resources; }
    const Build &build() const { return m_build; }

private:
    Paths m_paths;
    std::vector<RemoteNeed> m_needs;
    KustomizeOptions m_options;
    Build m_build;
    Target m_target;
    Accumulation m_own;
    bool m_isDone = false;
};

/// Puts what \p side made behind \p into; false if it has to be made in its turn.
bool Target::take(Accumulation &into, std::unique_ptr<Side> side)
{
    if (!side->fitsBehind(into, *m_build) || !into.resources.appendAll(side->resources()))
        return false;
    for (const ResourcePtr &resource : side->resources().all())
        resource->moveTo(m_build->context);
    const Build &own = side->build();
    m_build->context.hasMerged |= own.context.hasMerged;
    m_build->context.hasMetUnknownKind |= own.context.hasMetUnknownKind;
    m_build->kustomizations += own.kustomizations;
    m_build->warnings.insert(m_build->warnings.end(), own.warnings.begin(), own.warnings.end());
    m_build->plainRoots.insert(m_build->plainRoots.end(), own.plainRoots.begin(), own.plainRoots.end());
    m_build->sides.push_back(std::move(side));
    return true;
}

Expected<void> Target::addInTurn(Accumulation &into, Paths paths, std::optional<Error> &unavailable)
{
    for (const std::string &path : paths) {
        const Expected<void> done = addResource(into, path);
        if (done)
            continue;
        // What else is not here is asked for in the same round.
        if (done.error().code() != ErrorCode::Unavailable || !m_loader.options().needs)
            return done;
        if (!unavailable)
            unavailable = done.error();
    }
    return {};
}

Expected<void> Target::addResources(Accumulation &into, const std::vector<std::string> &paths)
{
    const ForEach &forEach = m_loader.options().forEach;
    Paths left = paths;
    Paths first = left;
    std::vector<std::unique_ptr<Side>> sides;
    // Origins name the way here, which is told as it is gone.
    if (forEach && !m_origin && paths.size() >= kLeastSpread) {
        const std::size_t size = paths.size() / kParts;
        first = left.first(paths.size() - size * (kParts - 1));
        for (std::size_t part = 0; part + 1 < kParts; ++part)
            sides.push_back(std::make_unique<Side>(*this, left.subspan(first.size() + part * size, size)));
    }
    std::optional<Error> unavailable;
    Expected<void> done;
    runEach(sides.empty() ? ForEach() : forEach, sides.size() + 1, [&](std::size_t i) {
        if (i == 0)
            done = addInTurn(into, first, unavailable);
        else
            sides[i - 1]->run();
    });
    left = left.subspan(first.size());
    for (std::unique_ptr<Side> &side : sides) {
        const std::size_t size = side->size();
        if (!done || unavailable || !take(into, std::move(side)))
            break;
        left = left.subspan(size);
    }
    if (done)
        done = addInTurn(into, left, unavailable);
    if (!done)
        return done;
    return unavailable ? Expected<void>(std::unexpected(*unavailable)) : Expected<void>();
}

} // namespace tiphys::render::kustomize
