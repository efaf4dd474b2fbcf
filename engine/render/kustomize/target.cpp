// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/target.h"

#include "base/text.h"
#include "render/kustomize/crd_config.h"
#include "render/kustomize/document.h"
#include "render/kustomize/go_text.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

constexpr int kMostKustomizations = 20'000;

bool isMalformed(const Error &error)
{
    return error.text().contains("MalformedYAMLError");
}

} // namespace

Expected<void> Accumulation::merge(const Accumulation &other)
{
    Expected<void> done = resources.appendAll(other.resources);
    if (!done)
        return done;
    auto merged = mergedConfig(config, other.config);
    if (!merged)
        return std::unexpected(merged.error());
    config = std::move(*merged);
    return mergeVars(vars, other.vars);
}

Expected<Target> Target::read(const Loader &loader, Build &build)
{
    if (++build.kustomizations > kMostKustomizations)
        return failure(ErrorCode::LimitExceeded, "more than 20000 kustomizations");
    Target target(loader, build);
    std::optional<FileContent> found;
    for (const std::string_view name : kFileNames) {
        Expected<FileContent> content = loader.load(name);
        if (!content)
            continue;
        if (found)
            return failure(ErrorCode::InvalidInput, "Found multiple kustomization files under: " + loader.shownRoot());
        found = std::move(*content);
        target.m_fileName = name;
    }
    if (!found)
        return failure(ErrorCode::NotFound, "unable to find one of 'kustomization.yaml', 'kustomization.yml' or "
                                            "'Kustomization' in directory '"
                                                + loader.shownRoot() + "'");
    Expected<Kustomization> file = parseKustomization(found->text, loader.shownRoot(), build.warnings);
    if (!file)
        return std::unexpected(file.error());
    target.m_file = std::move(*file);
    const auto isLocal = [](const std::string &path) { return !isRemoteFile(path) && !repoSpecOf(path); };
    if (target.m_file.hasOnlyResources && std::ranges::all_of(target.m_file.resources, isLocal))
        build.plainRoots.push_back(loader.root());
    return target;
}

Expected<void> Target::chooseSchema() const
{
    using BuiltIn = MergeSchema::Table::BuiltIn;
    BuildContext &context = m_build->context;
    const auto path = m_file.openapi.find("path");
    const auto version = m_file.openapi.find("version");
    std::optional<FileContent> document;
    if (path != m_file.openapi.end()) {
        Expected<FileContent> content = m_loader.load(path->second);
        if (!content)
            return std::unexpected(content.error());
        document = std::move(*content);
    }
    if (context.isSchemaChosen)
        return {};
    if (document) {
        if (version != m_file.openapi.end())
            return failure(ErrorCode::InvalidInput, "builtin version and custom schema provided, cannot use both");
        // What the built-in kinds were needed for stays: read before the document they lose, after it they win.
        const BuiltIn builtIn = context.hasMerged           ? BuiltIn::Losing
                                : context.hasMetUnknownKind ? BuiltIn::Winning
                                                            : BuiltIn::Left;
        auto table = MergeSchema::Table::parse(document->text, builtIn);
        if (!table) {
            m_build->schemaProblem = table.error();
            context.hasMerged = context.hasMetUnknownKind = false;
            table = MergeSchema::Table::parse("{}", builtIn);
        }
        context.customSchema = *table;
        context.schema = table->get();
        context.isSchemaChosen = true;
        return {};
    }
    if (version != m_file.openapi.end() && !version->second.empty() && version->second != "v1.21.2")
        return failure(ErrorCode::InvalidInput, "the specified OpenAPI version is not built in");
    context.isSchemaChosen = version != m_file.openapi.end() && !version->second.empty();
    return {};
}

Expected<void> Target::accumulate(Accumulation &into)
{
    Expected<void> done = addResources(into, m_file.resources);
    if (!done)
        return std::unexpected(done.error().in("accumulating resources"));
    done = mergeConfigs(into);
    if (done)
        done = generate(into);
    if (!done)
        return done;
    done = addComponents(into);
    if (!done)
        return std::unexpected(done.error().in("accumulating components"));
    done = transform(into);
    if (done)
        done = validate(into);
    if (!done)
        return done;
    done = mergeVars(into.vars, m_file.vars, into.resources);
    if (!done)
        return std::unexpected(done.error().in("merging vars"));
    return {};
}

Expected<void> Target::mergeConfigs(Accumulation &into)
{
    std::shared_ptr<const TransformerConfig> own = TransformerConfig::defaults();
    if (!m_file.configurations.empty()) {
        auto custom = std::make_shared<TransformerConfig>();
        for (const std::string &path : m_file.configurations) {
            const Expected<FileContent> content = m_loader.load(path);
            if (!content)
                return std::unexpected(content.error());
            const Expected<TransformerConfig> config = TransformerConfig::parse(content->text);
            if (!config)
                return std::unexpected(config.error());
            const Expected<void> done = custom->merge(*config);
            if (!done)
                return done;
        }
        auto merged = mergedConfig(own, custom);
        if (!merged)
            return std::unexpected(merged.error());
        own = std::move(*merged);
    }
    auto merged = mergedConfig(into.config, own);
    if (!merged)
        return std::unexpected(merged.error().in("merging config"));
    const auto crds = configOfCrds(m_file.crds, m_loader);
    if (!crds)
        return std::unexpected(crds.error().in("loading CRDs [" + join(m_file.crds, " ") + "]"));
    merged = mergedConfig(std::move(*merged), *crds);
    if (!merged)
        return std::unexpected(merged.error().in("merging CRDs"));
    into.config = std::move(*merged);
    return {};
}

Expected<void> Target::addResources(Accumulation &into, const std::vector<std::string> &paths)
{
    std::optional<Error> unavailable;
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
    return unavailable ? Expected<void>(std::unexpected(*unavailable)) : Expected<void>();
}

Expected<void> Target::addResource(Accumulation &into, const std::string &path)
{
    // A folder is no file: the error that says so is made only where it is told.
    const bool isFolder = m_loader.isFolder(path);
    const Expected<void> asFile = isFolder ? Expected<void>() : addFile(into, path);
    // Whether a URL is a file shows when it has been fetched.
    if (!isFolder && (asFile || asFile.error().code() == ErrorCode::Unavailable))
        return asFile;
    const auto fileError = [&] { return isFolder ? addFile(into, path).error() : asFile.error(); };
    const Expected<Loader> loader = m_loader.at(path);
    if (!loader) {
        const Error error = fileError();
        if (isMalformed(error))
            return std::unexpected(error);
        return std::unexpected(loader.error().in("accumulation err='" + error.text() + "'"));
    }
    const Expected<void> asFolder = addBase(into, *loader, path);
    if (!asFolder)
        return std::unexpected(asFolder.error().in("accumulation err='" + fileError().text() + "'"));
    return {};
}

Expected<void> Target::addFile(Accumulation &into, const std::string &path)
{
    const std::string context = "accumulating resources from '" + path + "'";
    const Expected<FileContent> content = m_loader.load(path);
    if (!content)
        return std::unexpected(content.error().in(context));
    const Expected<std::vector<Node *>> nodes = readResources(m_build->context.arena, content->text);
    if (!nodes && isMalformed(nodes.error()))
        return std::unexpected(Error(nodes.error().code(), nodes.error().text() + " in File: " + path).in(context));
    if (!nodes)
        return std::unexpected(nodes.error().in(context));
    ResourceList resources;
    for (Node *node : *nodes) {
        auto resource = std::make_shared<Resource>(m_build->context, node);
        Expected<void> done = resources.append(resource);
        if (done && m_origin)
            done = kustomize::setOrigin(*resource, m_origin->at(path));
        if (!done)
            return std::unexpected(done.error().in(context));
    }
    const Expected<void> done = into.resources.appendAll(resources);
    if (!done)
        return std::unexpected(done.error().in("merging resources from '" + path + "'"));
    return {};
}

Expected<void> Target::addComponents(Accumulation &into)
{
    for (const std::string &path : m_file.components) {
        const Expected<Loader> loader = m_loader.at(path);
        if (!loader)
            return failure(loader.error().code(), "loader.New " + goQuoted(loader.error().text()));
        const Expected<void> done = addFolder(into, *loader, path, true);
        if (!done)
            return failure(done.error().code(), "accumulateDirectory: " + goQuoted(done.error().text()));
    }
    return {};
}

Expected<void> Target::addBase(Accumulation &into, const Loader &loader, const std::string &path)
{
    if (m_origin)
        return addFolder(into, loader, path, false);
    const PlainBases::Base *known = m_build->plainBases.known(loader, m_build->context);
    if (!known)
        return addFolder(into, loader, path, false);
    m_build->kustomizations += static_cast<int>(known->roots.size());
    m_build->plainRoots.insert(m_build->plainRoots.end(), known->roots.begin(), known->roots.end());
    Accumulation own;
    own.resources = PlainBases::copies(*known, m_build->context);
    own.config = known->config;
    const Expected<void> done = into.merge(own);
    if (!done)
        return std::unexpected(done.error().in("recursed merging from path '" + loader.shownRoot() + "'"));
    return {};
}

Expected<void> Target::addFolder(Accumulation &into, const Loader &loader, const std::string &path, bool isComponent)
{
    const std::string root = "'" + loader.shownRoot() + "'";
    const std::size_t warnings = m_build->warnings.size();
    const int kustomizations = m_build->kustomizations;
    const std::size_t plainRoots = m_build->plainRoots.size();
    Expected<Target> target = read(loader, *m_build);
    if (!target)
        return std::unexpected(target.error().in("couldn't make target for path " + root));
    target->m_file.buildMetadata = m_file.buildMetadata;
    if (m_origin)
        target->m_origin = m_origin->at(path);
    target->m_helmNamespace = m_file.ns.empty() ? m_helmNamespace : m_file.ns;
    Expected<void> done = target->chooseSchema();
    if (!done)
        return done;
    if (isComponent && !target->m_file.isComponent())
        return failure(ErrorCode::InvalidInput,
                       "expected kind 'Component' for path " + root + " but got '" + target->m_file.kind + "'");
    if (!isComponent && target->m_file.isComponent())
        return failure(ErrorCode::InvalidInput, "expected kind != 'Component' for path " + root);
    const std::string context = "recursed accumulation of path " + root;
    if (isComponent) {
        done = target->accumulate(into);
        return done ? done : std::unexpected(done.error().in(context));
    }
    Accumulation own;
    done = target->accumulate(own);
    if (!done)
        return std::unexpected(done.error().in(context));
    const auto plain = static_cast<std::size_t>(m_build->kustomizations - kustomizations);
    if (!m_origin && m_build->warnings.size() == warnings && m_build->plainRoots.size() - plainRoots == plain)
        m_build->plainBases.note(
            loader, own.resources, own.config,
            {m_build->plainRoots.begin() + static_cast<std::ptrdiff_t>(plainRoots), m_build->plainRoots.end()});
    done = into.merge(own);
    if (!done)
        return std::unexpected(done.error().in("recursed merging from path " + root));
    return {};
}

Expected<std::vector<ResourcePtr>> Target::pluginConfigurations(const std::vector<std::string> &entries)
{
    Accumulation all;
    std::vector<std::string> paths;
    for (const std::string &entry : entries) {
        // An entry is a configuration or the path of one.
        const Expected<std::vector<Node *>> nodes = readResources(m_build->context.arena, entry);
        if (!nodes) {
            paths.push_back(entry);
            continue;
        }
        for (Node *node : *nodes) {
            auto resource = std::make_shared<Resource>(m_build->context, node);
            Expected<void> done;
            if (m_origin)
                done = kustomize::setOrigin(*resource, m_origin->at(m_fileName));
            if (done)
                done = all.resources.append(resource);
            if (!done)
                return std::unexpected(done.error());
        }
    }
    const Expected<void> done = addResources(all, paths);
    if (!done)
        return std::unexpected(done.error());
    return all.resources.all();
}

std::optional<Origin> Target::builtInOrigin(std::string_view kind) const
{
    if (!m_origin)
        return std::nullopt;
    Origin origin;
    origin.repo = m_origin->repo;
    origin.ref = m_origin->ref;
    origin.configuredIn = m_origin->path.empty() ? m_fileName : m_origin->path + "/" + m_fileName;
    origin.apiVersion = "builtin";
    origin.kind = kind;
    return origin;
}

} // namespace tiphys::render::kustomize
