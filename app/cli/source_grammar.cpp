// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grammar.h"

namespace tiphys::cli {

namespace {

class SourceGrammar : GrammarParts
{
public:
    explicit SourceGrammar(Invocation &invocation) : GrammarParts(invocation) {}

    void add(CLI::App &app)
    {
        addAppCreate(&app);
        addAppSet(&app);
        addAppUnset(&app);
        addAppAddSource(&app);
        addAppRemoveSource(&app);
        addAppPatch(&app);
        addAppEdit(&app);
        addAppConfirmDeletion(&app);
    }

private:
    CLI::App *addNamed(CLI::App *app, const std::string &name, const std::string &help, Command command)
    {
        auto *sub = app->add_subcommand(name, help);
        addConnection(sub);
        sub->add_option("name", m_invocation.app.name, "Application: NAME or NAMESPACE/NAME")
            ->required()
            ->option_text("NAME");
        choose(sub, command);
        return sub;
    }

    void addSourceChoice(CLI::App *app)
    {
        SourceFlags &flags = m_invocation.source;
        app->add_option("--source-position", flags.position, "Which of several sources, counted from 1")
            ->check(CLI::Range(1, 10'000))
            ->option_text("N");
        app->add_option("--source-name", flags.name, "Which of several sources, by its name")
            ->option_text("NAME")
            ->excludes("--source-position");
        addTrial(app);
    }

    void addTrial(CLI::App *app)
    {
        app->add_flag("--dry-run", m_invocation.app.isDryRun, "Print the patch and ask the server, change nothing");
        addUsualOutput(app);
    }

    void addValidation(CLI::App *app)
    {
        app->add_flag("--validate", m_invocation.source.validates,
                      "Refuse what Argo CD would refuse: its project, destination, repository and manifests are looked "
                      "at (default); =false warns, and asks no repository");
    }

    void addTexts(CLI::App *app, const std::string &name, std::vector<std::string> &texts, const std::string &help,
                  const std::string &form, const char *group = "OPTIONS")
    {
        app->add_option(name, texts, help)
            ->option_text(form)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->group(group);
    }

    /// Everything that a source can say.
    void addSourceOptions(CLI::App *set)
    {
        crd::SourceEdit &edit = m_invocation.source.edit;
        set->add_option("--repo", edit.repoUrl, "Repository")->option_text("URL");
        set->add_option("--path", edit.path, "Folder in the repository")->option_text("PATH");
        set->add_option("--helm-chart", edit.chart, "Chart of a Helm repository")->option_text("NAME");
        set->add_option("--revision", edit.targetRevision, "Branch, tag, commit or chart version")->option_text("REV");
        set->add_option("--tag-prefix", edit.tagPrefix,
                        "Only tags with this prefix count where the revision is a range")
            ->option_text("TEXT");
        set->add_option("--ref", edit.ref, "Name by which other sources refer to this one")->option_text("NAME");
        addHelm(set, edit);
        addKustomize(set, edit);
        addDirectory(set, edit);
        set->add_option("--config-management-plugin", edit.plugin, "Plugin")->option_text("NAME")->group(kOthers);
        addTexts(set, "--plugin-env", edit.pluginEnvironment, "Environment of the plugin", "NAME=VALUE", kOthers);
    }

    void addAppCreate(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        auto *create = app->add_subcommand("create", "Create an application");
        addConnection(create);
        choose(create, Command::AppCreate);
        create->add_option("name", flags.name, "Application: NAME or NAMESPACE/NAME")->option_text("NAME");
        create
            ->add_option("-f,--file", flags.file,
                         "Application manifest, - for standard input; further flags change what it says")
            ->option_text("FILE");
        create->add_flag("--upsert", flags.upserts, "Change an application of this name that is there already");
        addTexts(create, "-l,--label", flags.labels, "Label of the application", "NAME=VALUE");
        addTexts(create, "--annotations", flags.annotations, "Annotation of the application", "NAME=VALUE");
        create->add_flag("--set-finalizer", flags.setsFinalizer, "Deleting the application deletes its resources");
        addUsualOutput(create);
        addSourceOptions(create);
        addSpecOptions(create, m_invocation.source.spec);
        addValidation(create);
        create->footer("An application that is there already and says the same is left alone; one that says something "
                       "else is changed\n"
                       "with --upsert only. Flags of a source are refused where the manifest has spec.sources.\n"
                       "Of several applications in a file all are validated before one is written. What this machine "
                       "cannot check, for\n"
                       "want of credentials that Argo CD has, is a warning.");
    }

    void addAppSet(CLI::App *app)
    {
        auto *set = addNamed(app, "set", "Change an application: its source, destination, project, sync policy",
                             Command::AppSet);
        addSourceChoice(set);
        addSourceOptions(set);
        addSpecOptions(set, m_invocation.source.spec);
        addValidation(set);
        set->footer("One conditional patch, which holds only while what it changes is as it was read; what is stored "
                    "is what Argo CD\n"
                    "stores for the same flags. Lists that are replaced as a whole say so above.\n\n"
                    "Examples:\n  tiphysctl app set shop --parameter image.tag=v2 --dry-run\n"
                    "  tiphysctl app set shop --source-name web --kustomize-image nginx:1.27\n"
                    "  tiphysctl app set shop --sync-policy auto --self-heal --sync-option CreateNamespace=true\n"
                    "  tiphysctl app set shop --sync-option '!CreateNamespace=true' --sync-policy none");
    }

    static constexpr const char *kHelm = "Helm";
    static constexpr const char *kKustomize = "Kustomize";
    static constexpr const char *kOthers = "Directories and plugins";

    void addHelm(CLI::App *set, crd::SourceEdit &edit)
    {
        addTexts(set, "-p,--parameter", edit.parameters, "Parameter of Helm", "NAME=VALUE", kHelm);
        addTexts(set, "--values", edit.valueFiles, "Value file of Helm; all that are given replace those that are set",
                 "FILE", kHelm);
        set->add_option("--values-literal-file", m_invocation.source.valuesFile,
                        "File whose content becomes the values")
            ->option_text("FILE")
            ->group(kHelm);
        set->add_option("--release-name", edit.releaseName, "Release name of Helm")->option_text("NAME")->group(kHelm);
        set->add_option("--helm-version", edit.helmVersion, "Version of Helm")->option_text("VERSION")->group(kHelm);
        set->add_option("--helm-namespace", edit.helmNamespace, "Namespace that Helm renders for")
            ->option_text("NAMESPACE")
            ->group(kHelm);
        set->add_option("--helm-kube-version", edit.helmKubeVersion, "Version of Kubernetes that Helm renders for")
            ->option_text("VERSION")
            ->group(kHelm);
        addTexts(set, "--helm-api-versions", edit.helmApiVersions, "API version that Helm may count on", "API", kHelm);
        addTexts(set, "--helm-set", edit.helmSets, "Parameter of Helm", "NAME=VALUE", kHelm);
        addTexts(set, "--helm-set-string", edit.helmSetStrings, "Parameter of Helm, always text", "NAME=VALUE", kHelm);
        addTexts(set, "--helm-set-file", edit.helmSetFiles, "Parameter of Helm from a file", "NAME=PATH", kHelm);
        set->add_flag("--ignore-missing-value-files", edit.ignoresMissingValueFiles, "Value files may be missing")
            ->group(kHelm);
        set->add_flag("--helm-pass-credentials", edit.passesCredentials, "Credentials go to every host")->group(kHelm);
        set->add_flag("--helm-skip-crds", edit.skipsCrds, "Without CRDs of the chart")->group(kHelm);
        set->add_flag("--helm-skip-schema-validation", edit.skipsSchemaValidation, "Values are not checked")
            ->group(kHelm);
        set->add_flag("--helm-skip-tests", edit.skipsTests, "Without tests of the chart")->group(kHelm);
    }

    void addKustomize(CLI::App *set, crd::SourceEdit &edit)
    {
        set->add_option("--nameprefix", edit.namePrefix, "Prefix of names")->option_text("TEXT")->group(kKustomize);
        set->add_option("--namesuffix", edit.nameSuffix, "Suffix of names")->option_text("TEXT")->group(kKustomize);
        set->add_option("--kustomize-namespace", edit.kustomizeNamespace, "Namespace of all objects")
            ->option_text("NAMESPACE")
            ->group(kKustomize);
        set->add_option("--kustomize-version", edit.kustomizeVersion, "Version of Kustomize")
            ->option_text("VERSION")
            ->group(kKustomize);
        set->add_option("--kustomize-kube-version", edit.kustomizeKubeVersion, "Version of Kubernetes for charts")
            ->option_text("VERSION")
            ->group(kKustomize);
        addTexts(set, "--kustomize-api-versions", edit.kustomizeApiVersions, "API version that charts may count on",
                 "API", kKustomize);
        addTexts(set, "--kustomize-image", edit.images, "Image override", "[OLD=]IMAGE", kKustomize);
        addTexts(set, "--kustomize-replica", edit.replicas, "Replica count", "NAME=COUNT", kKustomize);
        addTexts(set, "--kustomize-common-label", edit.commonLabels,
                 "Label of all objects; all that are given replace those that are set", "NAME=VALUE", kKustomize);
        addTexts(set, "--kustomize-common-annotation", edit.commonAnnotations, "Annotation of all objects; as labels",
                 "NAME=VALUE", kKustomize);
        set->add_flag("--kustomize-label-without-selector", edit.labelsWithoutSelector, "Labels leave selectors alone")
            ->group(kKustomize);
        set->add_flag("--kustomize-label-include-templates", edit.labelsTemplates, "Labels go to templates too")
            ->group(kKustomize);
        set->add_flag("--kustomize-force-common-label", edit.forcesCommonLabels, "Labels override others")
            ->group(kKustomize);
        set->add_flag("--kustomize-force-common-annotation", edit.forcesCommonAnnotations,
                      "Annotations override others")
            ->group(kKustomize);
        set->add_flag("--ignore-missing-components", edit.ignoresMissingComponents, "Components may be missing")
            ->group(kKustomize);
    }

    void addDirectory(CLI::App *set, crd::SourceEdit &edit)
    {
        set->add_flag("--directory-recurse", edit.recurses, "Read sub-folders too; =false does not")->group(kOthers);
        set->add_option("--directory-include", edit.include, "Only files that match")
            ->option_text("GLOB")
            ->group(kOthers);
        set->add_option("--directory-exclude", edit.exclude, "Not files that match")
            ->option_text("GLOB")
            ->group(kOthers);
        addTexts(set, "--jsonnet-tla-str", edit.tlaStrings, "Top-level argument", "NAME=VALUE", kOthers);
        addTexts(set, "--jsonnet-tla-code", edit.tlaCodes, "Top-level argument, an expression", "NAME=CODE", kOthers);
        addTexts(set, "--jsonnet-ext-var-str", edit.extVarStrings, "External variable", "NAME=VALUE", kOthers);
        addTexts(set, "--jsonnet-ext-var-code", edit.extVarCodes, "External variable, an expression", "NAME=CODE",
                 kOthers);
        addTexts(set, "--jsonnet-libs", edit.jsonnetLibraries, "Folder of libraries", "PATH", kOthers);
    }

    void addAppUnset(CLI::App *app)
    {
        auto *unset = addNamed(app, "unset", "Take parameters of an application's source away", Command::AppUnset);
        addSourceChoice(unset);
        crd::SourceRemoval &removal = m_invocation.source.removal;
        addTexts(unset, "-p,--parameter", removal.parameters, "Parameter of Helm", "NAME");
        addTexts(unset, "--values", removal.valueFiles, "Value file of Helm", "FILE");
        unset->add_flag("--values-literal", removal.values, "Values of Helm");
        unset->add_flag("--ignore-missing-value-files", removal.ignoresMissingValueFiles,
                        "Value files must be there again");
        unset->add_flag("--pass-credentials", removal.passesCredentials, "Credentials go to the chart's host only");
        unset->add_flag("--nameprefix", removal.namePrefix, "Prefix of names");
        unset->add_flag("--namesuffix", removal.nameSuffix, "Suffix of names");
        unset->add_flag("--kustomize-version", removal.kustomizeVersion, "Version of Kustomize");
        unset->add_flag("--kustomize-namespace", removal.kustomizeNamespace, "Namespace of all objects");
        addTexts(unset, "--kustomize-image", removal.images, "Image override", "IMAGE");
        addTexts(unset, "--kustomize-replica", removal.replicas, "Replica count", "NAME");
        unset->add_flag("--ignore-missing-components", removal.ignoresMissingComponents,
                        "Components must be there again");
        addTexts(unset, "--plugin-env", removal.pluginEnvironment, "Environment of the plugin", "NAME");
        unset->add_flag("--ref", removal.ref, "Name by which other sources refer to this one");
        unset->footer("Example:\n  tiphysctl app unset shop --parameter image.tag");
    }

    void addAppAddSource(CLI::App *app)
    {
        auto *add = addNamed(app, "add-source", "Add a source to an application that has a list of them",
                             Command::AppAddSource);
        add->add_option("--source-name", m_invocation.source.name, "Name of the new source")->option_text("NAME");
        addTrial(add);
        addSourceOptions(add);
        addValidation(add);
        add->footer("It becomes the last one. One conditional patch, which holds only while the sources are as they "
                    "were read.\n\n"
                    "Examples:\n  tiphysctl app add-source shop --repo https://git.example.com/config.git --path "
                    "apps/shop --source-name web\n"
                    "  tiphysctl app add-source shop --repo https://git.example.com/values.git --ref values --dry-run");
    }

    void addAppRemoveSource(CLI::App *app)
    {
        auto *remove = addNamed(app, "remove-source", "Take one of several sources of an application away",
                                Command::AppRemoveSource);
        addSourceChoice(remove);
        remove->footer("One conditional patch, which holds only while the sources are as they were read. What came "
                       "from the source is pruned\n"
                       "by the next sync that prunes.\n\n"
                       "Examples:\n  tiphysctl app remove-source shop --source-position 2\n"
                       "  tiphysctl app remove-source shop --source-name web --dry-run");
    }

    void addAppPatch(CLI::App *app)
    {
        auto *patch = addNamed(app, "patch", "Change an application by a patch", Command::AppPatch);
        patch->add_option("--patch", m_invocation.patch.text, "The patch, as JSON")->required()->option_text("JSON");
        patch
            ->add_option_function<std::string>(
                "--type", [&flags = m_invocation.patch](const std::string &type) { flags.isMerge = type == "merge"; },
                "json: a list of operations, as without this flag; merge: the fields that change")
            ->check(CLI::IsMember({"json", "merge"}))
            ->option_text("TYPE");
        patch->add_flag("--dry-run", m_invocation.app.isDryRun,
                        "Print the patch that would be sent and ask the server, change nothing");
        addUsualOutput(patch);
        patch->footer("What it changes of the spec, labels, annotations and finalizers is stored, if it is still as it "
                      "was read; other\n"
                      "fields are left alone.\n\n"
                      "Examples:\n  tiphysctl app patch shop --type merge --patch "
                      "'{\"spec\":{\"source\":{\"targetRevision\":\"v2\"}}}'\n"
                      "  tiphysctl app patch shop --patch "
                      "'[{\"op\":\"replace\",\"path\":\"/spec/source/path\",\"value\":\"apps/shop\"}]' --dry-run");
    }

    void addAppEdit(CLI::App *app)
    {
        auto *edit = addNamed(app, "edit", "Edit an application's spec in $EDITOR", Command::AppEdit);
        edit->add_flag("--dry-run", m_invocation.app.isDryRun,
                       "Print the patch that would be sent and ask the server, change nothing");
        addUsualOutput(edit);
        edit->footer("What was changed is stored, if it is still as it was read. A text that is refused is opened "
                     "again with the reason;\n"
                     "where the editor fails, what was typed is kept in a file that is named.\n\n"
                     "Example:\n  tiphysctl app edit shop");
    }

    void addAppConfirmDeletion(CLI::App *app)
    {
        auto *confirm = addNamed(app, "confirm-deletion", "Confirm what an application waits to delete or prune",
                                 Command::AppConfirmDeletion);
        addUsualOutput(confirm);
        confirm->footer("Resources with the option Delete=confirm or Prune=confirm are not deleted before.\n\n"
                        "Example:\n  tiphysctl app confirm-deletion shop");
    }
};

} // namespace

void addSourceGrammar(CLI::App &app, Invocation &invocation)
{
    SourceGrammar(invocation).add(app);
}

} // namespace tiphys::cli
