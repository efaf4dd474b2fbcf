// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "render/file_tree.h"
#include "render/render_context.h"
#include "render/rendered.h"

namespace tiphys::render {

struct KustomizeCall;

/// What \p folder is when the Application does not say: Kustomize if it holds kustomization.yaml, .yml or
/// Kustomization, else Helm if a name ends with Chart.yaml, else Directory.
/// Source: argo-cd util/app/discovery/discovery.go (AppType)@v3.5.1
Expected<SourceType> discoveredType(const FileTree &files, std::string_view folder);

/// True if \p source says itself what it is.
bool namesType(const object::Value &source);

/// The type of \p source (one source of an Application, as a value): its explicit member, else discovered.
/// Errors: InvalidInput when it names several.
Expected<SourceType> sourceTypeOf(const object::Value &source, const FileTree &files, std::string_view folder);

/// \p source with `.argocd-source.yaml` and `.argocd-source-<instance>.yaml` of \p folder merged over it; chart,
/// path, repoURL and targetRevision stay as they are.
/// Source: argo-cd reposerver/repository/repository.go (mergeSourceParameters)@v3.5.1
Expected<object::Value> withOverrides(const object::Value &source, const FileTree &files, std::string_view folder,
                                      std::string_view instance);

/// The objects of one source of an Application read from \p files: overrides, type, rendering. \p instance names the
/// overrides file; \p context is what else counts. A chart of a chart repository and an artifact of a registry are read
/// from context.remote instead of \p files.
/// Errors: as renderDirectory, renderChart and renderPluginSource; Unavailable for what is not fetched, noted in
/// context.needs.
Expected<Rendered> renderSource(const object::Value &source, const FileTree &files, std::string_view instance,
                                const RenderContext &context = {});

/// How the program kustomize is called for a source whose member kustomize is \p kustomize: its edits, the flags of
/// argocd-cm, and what Argo CD adds to them.
/// Source: argo-cd util/kustomize/kustomize.go (Build, parseKustomizeBuildOptions)@v3.5.1
KustomizeCall kustomizeCallOf(const object::Value &kustomize, const RenderContext &context);

/// True if the files of \p source come from a chart repository or a registry, not from Git.
bool isFetchedSource(const object::Value &source);

/// InvalidInput naming the first symbolic link of the whole tree that leaves it: such a repository is refused.
/// Source: argo-cd util/app/path/path.go (CheckOutOfBoundsSymlinks)@v3.5.1
Expected<void> checkSymlinks(const FileTree &files);

} // namespace tiphys::render
