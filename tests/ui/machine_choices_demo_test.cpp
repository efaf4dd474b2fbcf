// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/chosen_tools.h"
#include "compose/local_plugins.h"
#include "support/desktop_stage.h"
#include "ui/pages/application_page.h"
#include "ui/pages/settings_page.h"
#include "ui/pages/tool_choices.h"
#include "ui/widgets/parameter_form.h"
#include "ui/widgets/parameters_pane.h"
#include "ui/widgets/renderer_choice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QPushButton>
#include <QTest>

#include <algorithm>

using namespace tiphys;
using namespace Qt::StringLiterals;
using test::kPatience;

namespace {

/// Writes a file of the user's settings, or a program.
void write(const QString &path, const char *text, bool isProgram = false)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(path));
    file.write(text);
    file.close();
    if (isProgram)
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

/// The whole desktop on the demo cluster, with programs and settings of a machine of its own.
class Machine
{
public:
    Machine()
    {
        stage.startCluster({.speed = 10});
        QDir(stage.folder.path()).mkpath(u"settings/plugins"_s);
        QDir(stage.folder.path()).mkpath(u"bin"_s);
        qputenv("TIPHYS_CONFIG", path(u"settings"_s).toUtf8());
        qputenv("PATH", (path(u"bin"_s) + u":/usr/bin:/bin"_s).toUtf8());
    }
    ~Machine() { stage.close(); }

    QString path(const QString &name) const { return stage.folder.filePath(name); }

    bool open()
    {
        stage.openWindow({.kubeconfig = {},
                          .now = {},
                          .parts = [folder = path(u"settings"_s).toStdString()](control::EngineParts &parts) {
                              parts.plugins = compose::localPlugins(
                                  {.files = {}, .workspace = {}, .userFolder = folder, .allowed = {}});
                              const compose::ChangeableTools tools = compose::changeableTools();
                              parts.tools = tools.tools;
                              parts.toolChoice = tools.choice;
                          }});
        if (!stage.knowsContexts())
            return false;
        stage.service->setTicked("demo", true);
        return QTest::qWaitFor([this] { return !stage.service->applications()->rows.empty(); }, kPatience);
    }
    template <typename PageType>
    PageType *openPage(const QString &address)
    {
        return stage.window->openAddress(address) ? stage.page<PageType>() : nullptr;
    }
    void changeSource(const std::string &name, const object::Value &change)
    {
        stage.cluster->run([&](demo::Store &store) {
            const object::Value spec = object::Value::map({{"spec", object::Value::map({{"source", change}})}});
            (void)store.patch(*store.catalog().byKind({"argoproj.io", "Application"}), {"argocd", name},
                              demo::PatchKind::Merge, spec, "");
        });
    }
    service::AppDetailPtr detail(const std::string &name) const
    {
        return stage.service->application({"demo", "argocd", name});
    }
    /// True once Git wants an object of this name in \p application.
    bool wants(const std::string &application, const std::string &name) const
    {
        const service::AppDetailPtr shown = detail(application);
        return shown && shown->isDiffReady
               && std::ranges::contains(shown->diffs, name,
                                        [](const service::ResourceDiff &diff) { return diff.key.name; });
    }

    test::DesktopStage stage;
};

} // namespace

class MachineChoicesDemoTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPluginWhoseConsentIsTakenBackIsShownNoMore()
    {
        Machine machine;
        write(machine.path(u"settings/plugins/echo.yaml"_s),
              "kind: ConfigManagementPlugin\nmetadata: {name: echo}\nspec:\n  generate:\n    command: [sh, -c]\n"
              "    args: ['echo \"{apiVersion: v1, kind: ConfigMap, metadata: {name: from-the-plugin}}\"']\n");
        const auto allowing = compose::localPlugins({.files = {},
                                                     .workspace = {},
                                                     .userFolder = machine.path(u"settings"_s).toStdString(),
                                                     .allowed = {"echo"}});
        QCOMPARE(allowing->plugins().size(), std::size_t(1));
        QVERIFY(allowing->allow(allowing->plugins().front()).has_value());
        machine.changeSource("cart", object::Value::map({{"plugin", object::Value::map({{"name", "echo"}})}}));
        QVERIFY(machine.open());
        QVERIFY(machine.openPage<ui::ApplicationPage>(u"tiphys://demo/argocd/cart"_s));
        QTRY_VERIFY_WITH_TIMEOUT(machine.wants("cart", "from-the-plugin"), kPatience);
        // The page is still open behind the settings.
        machine.stage.service->openApplication({"demo", "argocd", "cart"});

        auto *settings = machine.openPage<ui::SettingsPage>(u"tiphys:settings"_s);
        QVERIFY(settings);
        QTRY_COMPARE_WITH_TIMEOUT(settings->tools()->withdrawButtons().size(), 1, kPatience);
        settings->tools()->withdrawButtons().front()->click();
        QTRY_VERIFY_WITH_TIMEOUT(settings->tools()->withdrawButtons().isEmpty(), kPatience);
        QVERIFY2(settings->tools()->pluginsText().contains(u"not allowed to run"_s),
                 qPrintable(settings->tools()->pluginsText()));
        QTRY_VERIFY_WITH_TIMEOUT(
            QString::fromStdString(machine.detail("cart")->diffProblem).contains(u"not allowed to run"_s), kPatience);
        QVERIFY(!machine.wants("cart", "from-the-plugin"));
        // Neither does the next start run it.
        const auto next = compose::localPlugins(
            {.files = {}, .workspace = {}, .userFolder = machine.path(u"settings"_s).toStdString(), .allowed = {}});
        QVERIFY(!next->allow(next->plugins().front()).has_value());
    }

    void whatRendersAnApplicationIsChosenBesideItsParameters()
    {
        Machine machine;
        write(machine.path(u"bin/kustomize"_s),
              "#!/bin/sh\ncase $1 in\nversion) echo v5.8.0 ;;\n"
              "build) echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: from-the-tool}}' ;;\nesac\n",
              true);
        QVERIFY(machine.open());
        // There is nothing to choose for plain manifests.
        auto *page = machine.openPage<ui::ApplicationPage>(u"tiphys://demo/argocd/storefront?tab=parameters"_s);
        QVERIFY(page);
        QTRY_VERIFY_WITH_TIMEOUT(page->parameters()->form()->isVisible(), kPatience);
        QVERIFY(!page->parameters()->renderer()->isVisible());
        page = machine.openPage<ui::ApplicationPage>(u"tiphys://demo/argocd/wishlist?tab=parameters"_s);
        QVERIFY(page);
        ui::RendererChoice *renderer = page->parameters()->renderer();
        QTRY_VERIFY_WITH_TIMEOUT(renderer->box()->isEnabled(), kPatience);
        QCOMPARE(renderer->box()->currentIndex(), 0);
        QCOMPARE(renderer->box()->itemText(1), u"kustomize v5.8.0 of this machine"_s);
        QVERIFY(!machine.wants("wishlist", "from-the-tool"));

        renderer->box()->setCurrentIndex(1);
        Q_EMIT renderer->box()->activated(1);
        QTRY_VERIFY_WITH_TIMEOUT(machine.wants("wishlist", "from-the-tool"), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(renderer->note().contains(u"wishlist"_s), kPatience);
        QCOMPARE(renderer->box()->currentIndex(), 1);

        // What the settings choose for more than one application is not changed here.
        auto *settings = machine.openPage<ui::SettingsPage>(u"tiphys:settings"_s);
        QTRY_COMPARE_WITH_TIMEOUT(settings->tools()->takeBackButtons().size(), 1, kPatience);
        settings->tools()->allBox()->click();
        QTRY_VERIFY_WITH_TIMEOUT(settings->tools()->allBox()->isChecked(), kPatience);
        page = machine.openPage<ui::ApplicationPage>(u"tiphys://demo/argocd/wishlist?tab=parameters"_s);
        renderer = page->parameters()->renderer();
        QTRY_VERIFY_WITH_TIMEOUT(renderer->note().contains(u"all applications"_s), kPatience);
        QVERIFY(!renderer->box()->isEnabled());
    }
};

QTEST_MAIN(MachineChoicesDemoTest)
#include "machine_choices_demo_test.moc"
