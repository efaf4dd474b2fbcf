// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "service/service.h"
#include "service/sync.h"
#include "service/ticket.h"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::service {

/// How a parameter of a source is edited.
enum class ParameterKind {
    Text,
    Switch, ///< "true" or "false"
    Lines,  ///< items, one cell a row
    Table,  ///< rows with a cell for each column
    Yaml,   ///< a document
};

/// One parameter; `name` is its place in the manifest ("helm.releaseName").
struct ParameterField
{
    std::string name;
    ParameterKind kind = ParameterKind::Text;
    std::string text;                           ///< of Text, Switch and Yaml
    std::vector<std::vector<std::string>> rows; ///< of Lines and Table
    std::vector<std::string> columns;           ///< of Table: "name", "value", …; "forceString" and "code" are switches

    bool operator==(const ParameterField &) const = default;
};

/// The parameters of one source as they are stored.
struct SourceForm
{
    int position = 0;  ///< 0: the only source, else its place in spec.sources, from 1
    std::string title; ///< its name, chart or path
    std::string tool;  ///< "Helm", "Kustomize", "Directory", "Plugin"; "" while it is not known
    std::string seen;  ///< the source as JSON: what a change is made against
    std::vector<ParameterField> fields;
    std::string problem; ///< why it has no fields, "" if it has
};

/// What an application is rendered with.
struct SourceForms
{
    std::vector<SourceForm> sources;
    Permission permission;             ///< to change them
    std::vector<std::string> warnings; ///< who writes the sources again after a change, one English sentence each
};

/// A change of one source.
struct SourceEditRequest
{
    AppId app;
    int position = 0;
    std::string seen;                   ///< SourceForm::seen
    std::vector<ParameterField> fields; ///< those that changed are enough
    bool validates = true;              ///< false: what Argo CD's server would refuse is stored all the same

    bool operator==(const SourceEditRequest &) const = default;
};

/// What Argo CD's server would say of a change.
struct SourceVerdict
{
    std::string refusal;                ///< one English sentence; "" where it would be taken
    bool mayBeStoredAnyway = true;      ///< false: what is wrong in form is refused in any case
    std::vector<std::string> unchecked; ///< what this machine could not check, and why
    std::vector<std::string> warnings;  ///< what is taken and will not go well

    bool operator==(const SourceVerdict &) const = default;
};

/// What a change would store, and what it would render.
struct SourcePreview
{
    ResourceDiff stored;                ///< of the Application's spec; no lines where nothing changes
    std::string refusal;                ///< why it would be refused, "" if it would not
    std::vector<std::string> warnings;  ///< as in SourceForms
    std::vector<ResourceDiff> rendered; ///< desired objects before and after
    std::string renderProblem;          ///< why these cannot be told, "" if they can
};

/// Values that a chart brings itself, by the names that parameters have ("image.tag"), sorted.
struct ChartDefaults
{
    std::vector<std::pair<std::string, std::string>> values;
    std::string problem; ///< why there are none, "" if they were read
};

/// Parameters of the sources of an open application. Functions return at once; see Service.
class SourceParameters
{
public:
    virtual ~SourceParameters() = default;

    /// Read now.
    virtual Ticket<SourceForms> sourceForms(const AppId &app) = 0;
    /// Nothing is written. Errors: InvalidInput for a field, Conflict where the source is no longer as it was seen.
    virtual Ticket<SourcePreview> previewSource(const SourceEditRequest &request) = 0;
    /// Looks whether Argo CD's server would take the change: project, destination, repositories, manifests. Nothing is written.
    /// One that is asked for before another has answered ends that. Errors: as previewSource; Cancelled.
    virtual Ticket<SourceVerdict> checkSource(const SourceEditRequest &request) = 0;
    /// Ends a check that is under way.
    virtual void stopSourceCheck() = 0;
    /// Writes it, where a check that said nothing against it has been made, or is made now. Errors: as previewSource; Denied;
    /// InvalidInput where it would be refused.
    virtual Ticket<Done> saveSource(const SourceEditRequest &request) = 0;
    /// The defaults of the chart that the source at \p position renders; read from Git.
    virtual Ticket<ChartDefaults> chartDefaults(const AppId &app, int position) = 0;
};

} // namespace tiphys::service
