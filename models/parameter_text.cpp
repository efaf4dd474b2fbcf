// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/parameter_text.h"

#include "models/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

struct Parameter
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Parameter)
};

struct Words
{
    std::string_view name;
    const char *title;
    const char *explanation;
    bool isMain = false;
};

constexpr const char *kContext = "tiphys::models::Parameter";

constexpr std::array kWords{
    Words{"targetRevision", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Revision"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Branch, tag, commit, or version of a chart; empty is HEAD."),
          true},
    Words{"helm.parameters", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Parameters"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter",
                            "Values as of helm --set; with \"As text\" as of --set-string. They win over values and "
                            "value files. A comma in a value is written \\,."),
          true},
    Words{"helm.valueFiles", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Value files"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter",
                            "One path a line, relative to the chart, or $name/path in another source. Later ones win."),
          true},
    Words{"helm.values", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Values"),
          QT_TRANSLATE_NOOP(
              "tiphys::models::Parameter",
              "A YAML document; it wins over value files. It is stored as an object, without its comments."),
          true},
    Words{"helm.fileParameters", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "File parameters"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Values that are read from files of the repository."), false},
    Words{"helm.releaseName", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Release name"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Empty is the name of the application."), true},
    Words{"helm.namespace", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Namespace of templates"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Empty is the namespace of the destination."), false},
    Words{"helm.kubeVersion", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Kubernetes version"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Which version the chart sees; empty is that of the cluster."),
          false},
    Words{"helm.apiVersions", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "API versions"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter",
                            "One a line: what the chart sees; empty is what the cluster has."),
          false},
    Words{"helm.skipCrds", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Leave CRDs out"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "The files of crds/ are not rendered."), false},
    Words{"helm.skipTests", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Leave tests out"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Test hooks of the chart are not rendered."), false},
    Words{"helm.skipSchemaValidation", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Do not check values"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "values.schema.json is ignored."), false},
    Words{"helm.ignoreMissingValueFiles", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Value files may be missing"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "A value file that is not there is no error."), false},
    Words{"helm.passCredentials", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Send credentials to every host"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter",
                            "Credentials of the repository go to other hosts that it names too."),
          false},
    Words{"kustomize.images", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Images"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Which image gets which name, tag or digest."), true},
    Words{"kustomize.replicas", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Replicas"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "How many replicas a workload gets, by its name."), true},
    Words{"kustomize.namePrefix", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Name prefix"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Stands before the name of every resource."), true},
    Words{"kustomize.nameSuffix", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Name suffix"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Stands behind the name of every resource."), true},
    Words{"kustomize.namespace", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Namespace"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "The namespace of all resources."), true},
    Words{"kustomize.commonLabels", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Common labels"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Labels that every resource gets, selectors included."),
          false},
    Words{"kustomize.commonAnnotations", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Common annotations"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Annotations that every resource gets."), false},
    Words{"kustomize.components", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Components"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "One folder a line."), false},
    Words{"kustomize.version", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Kustomize version"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Which of the controller's Kustomize versions is used."),
          false},
    Words{"kustomize.kubeVersion", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Kubernetes version"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Which version charts see; empty is that of the cluster."),
          false},
    Words{"kustomize.apiVersions", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "API versions"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "One a line: what charts see; empty is what the cluster has."),
          false},
    Words{"kustomize.ignoreMissingComponents",
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Components may be missing"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "A component that is not there is no error."), false},
    Words{"kustomize.forceCommonLabels", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Common labels win"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "They replace labels that the kustomization sets itself."),
          false},
    Words{
        "kustomize.forceCommonAnnotations", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Common annotations win"),
        QT_TRANSLATE_NOOP("tiphys::models::Parameter", "They replace annotations that the kustomization sets itself."),
        false},
    Words{"kustomize.commonAnnotationsEnvsubst",
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Variables in annotations"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter",
                            "Build variables such as ${ARGOCD_APP_NAME} are put into common annotations."),
          false},
    Words{"kustomize.labelWithoutSelector",
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Labels leave selectors alone"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Common labels go to metadata only."), false},
    Words{"kustomize.labelIncludeTemplates", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Labels go to templates"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Pod templates get common labels too."), false},
    Words{"directory.recurse", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Read sub-folders"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Manifests of folders below are applied too."), true},
    Words{"directory.include", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Only files like"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "A pattern, for several in braces: {*.yaml,*.yml}."), true},
    Words{"directory.exclude", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "No files like"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "A pattern; it wins over the one above."), true},
    Words{"directory.jsonnet.extVars", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Jsonnet variables"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "External variables; \"Code\" ones are expressions."), false},
    Words{"directory.jsonnet.tlas", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Jsonnet arguments"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Top-level arguments; \"Code\" ones are expressions."), false},
    Words{"directory.jsonnet.libs", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Jsonnet libraries"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "One folder of the repository a line."), false},
    Words{"plugin.name", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Plugin"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Empty finds it by what it discovers."), true},
    Words{"plugin.env", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Environment"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Variables that the plugin gets, as ARGOCD_ENV_NAME."), true},
    Words{"plugin.parameters", QT_TRANSLATE_NOOP("tiphys::models::Parameter", "Parameters"),
          QT_TRANSLATE_NOOP("tiphys::models::Parameter", "A YAML list of name with string, array or map."), true},
};

const Words *wordsOf(std::string_view name)
{
    const auto found = std::ranges::find(kWords, name, &Words::name);
    return found == kWords.end() ? nullptr : &*found;
}

} // namespace

QString parameterTitle(std::string_view name)
{
    const Words *words = wordsOf(name);
    return words ? QCoreApplication::translate(kContext, words->title) : text(name);
}

QString parameterExplanation(std::string_view name)
{
    const Words *words = wordsOf(name);
    return words ? QCoreApplication::translate(kContext, words->explanation) : QString();
}

bool isMainParameter(std::string_view name)
{
    const Words *words = wordsOf(name);
    return words && words->isMain;
}

QString columnTitle(std::string_view column)
{
    if (column == "name")
        return Parameter::tr("Name");
    if (column == "value")
        return Parameter::tr("Value");
    if (column == "forceString")
        return Parameter::tr("As text", "a value that stays text although it looks like a number");
    if (column == "code")
        return Parameter::tr("Code", "a value that is an expression");
    if (column == "path")
        return Parameter::tr("File");
    if (column == "count")
        return Parameter::tr("Count");
    if (column == "image")
        return Parameter::tr("Image");
    if (column == "newName")
        return Parameter::tr("New name");
    if (column == "tag")
        return Parameter::tr("Tag", "of an image");
    if (column == "digest")
        return Parameter::tr("Digest", "of an image");
    return text(column);
}

QString newItemText(std::string_view name)
{
    if (name == "kustomize.images")
        return Parameter::tr("Add an image…");
    if (name == "kustomize.replicas")
        return Parameter::tr("Add a workload…");
    if (name == "helm.parameters" || name == "helm.fileParameters")
        return Parameter::tr("Add a parameter…");
    return Parameter::tr("Add…", "a new row of a table");
}

QString sourceFormTitle(const service::SourceForm &form)
{
    const QString title =
        form.tool.empty() ? text(form.title)
                          : Parameter::tr("%1 · %2", "path of a source, tool").arg(text(form.title), text(form.tool));
    return form.position == 0
               ? title
               : Parameter::tr("%1. %2", "place of a source among several").arg(form.position).arg(title);
}

QString previewText(const service::SourcePreview &preview)
{
    if (preview.stored.lines.empty())
        return Parameter::tr("This would change nothing.");
    const QString stored = Parameter::tr("%n line(s) of the application change.", nullptr,
                                         std::max(preview.stored.added, preview.stored.removed));
    if (!preview.renderProblem.empty())
        return stored + u' ' + Parameter::tr("It cannot be rendered: %1").arg(sentence(preview.renderProblem));
    if (preview.rendered.empty())
        return stored + u' ' + Parameter::tr("What it renders stays the same.");
    return stored + u' '
           + Parameter::tr("%n resource(s) will be rendered differently.", nullptr,
                           static_cast<int>(preview.rendered.size()));
}

} // namespace tiphys::models
