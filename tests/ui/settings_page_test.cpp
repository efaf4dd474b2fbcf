// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consents.h"
#include "ui/main_window/sidebar.h"
#include "ui/pages/destination_choices.h"
#include "ui/pages/settings_page.h"
#include "ui/pages/tool_choices.h"
#include "window_stage.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFocusEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace tiphys;
using namespace Qt::StringLiterals;
using test::Stage;

namespace {

QAction *actionOf(const Stage &stage, const QString &text)
{
    for (QAction *action : stage.window->findChildren<QAction *>()) {
        if (action->text() == text)
            return action;
    }
    return nullptr;
}

ui::SettingsPage *openSettings(Stage &stage)
{
    stage.window->openAddress(u"tiphys:settings"_s);
    return stage.page<ui::SettingsPage>();
}

} // namespace

class SettingsPageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(u"TiphysTest"_s);
        QCoreApplication::setApplicationName(u"settings"_s);
    }

    void init() { QSettings().clear(); }

    void coloursOfThisRunAreShownAndNotRemembered()
    {
        Stage stage;
        stage.settings.setSchemeOfThisRun(ui::Scheme::Dark);
        ui::SettingsPage *page = openSettings(stage);
        QVERIFY(page);
        QCOMPARE(page->schemeBox()->currentData().toInt(), static_cast<int>(ui::Scheme::Dark));
        QCOMPARE(ui::Settings().scheme(), ui::Scheme::System);
        page->schemeBox()->setCurrentIndex(page->schemeBox()->findData(static_cast<int>(ui::Scheme::Light)));
        Q_EMIT page->schemeBox()->activated(page->schemeBox()->currentIndex());
        QCOMPARE(stage.settings.scheme(), ui::Scheme::Light);
    }

    void coloursAndNotificationsAreThoseOfTheMenu()
    {
        Stage stage;
        ui::SettingsPage *page = openSettings(stage);
        QVERIFY(page);
        QAction *dark = actionOf(stage, u"Dark colours"_s);
        QAction *notices = actionOf(stage, u"Notifications of the desktop"_s);
        QVERIFY(dark && notices);
        page->schemeBox()->setCurrentIndex(page->schemeBox()->findData(static_cast<int>(ui::Scheme::Dark)));
        Q_EMIT page->schemeBox()->activated(page->schemeBox()->currentIndex());
        QCOMPARE(stage.settings.scheme(), ui::Scheme::Dark);
        QVERIFY(dark->isChecked());
        actionOf(stage, u"Light colours"_s)->trigger();
        QCOMPARE(page->schemeBox()->currentData().toInt(), static_cast<int>(ui::Scheme::Light));
        QVERIFY(page->noticesBox()->isChecked());
        page->noticesBox()->click();
        QVERIFY(!stage.settings.showsNotifications());
        QVERIFY(!notices->isChecked());
        notices->trigger();
        QVERIFY(stage.settings.showsNotifications());
        QVERIFY(page->noticesBox()->isChecked());
    }

    void theSideBarOpensNoPageByItself()
    {
        Stage stage;
        QVERIFY(openSettings(stage));
        auto *sidebar = stage.window->findChild<ui::Sidebar *>();
        QFocusEvent focus(QEvent::FocusIn, Qt::TabFocusReason);
        QCoreApplication::sendEvent(sidebar, &focus);
        QCOMPARE(stage.window->currentPage()->location().page, ui::PageKind::Settings);
        QVERIFY(!sidebar->currentItem());
        QTest::keyClick(sidebar, Qt::Key_Down);
        QVERIFY(stage.window->currentPage()->location().page != ui::PageKind::Settings);
    }

    void whatWasAllowedCanBeTakenBack()
    {
        ui::Consents().give(ui::Consents::Kind::CredentialPlugin, u"f00d"_s, u"aws (prod-eu)"_s);
        ui::Consents().give(ui::Consents::Kind::GitHelpers, u"git.example.com:8443"_s, {});
        QSettings().setValue(u"execPlugins/0ld"_s, true); // by a program that noted no names
        QCOMPARE(ui::Consents().all(),
                 (QList<ui::Consents::Consent>{
                     {ui::Consents::Kind::CredentialPlugin, u"0ld"_s, {}},
                     {ui::Consents::Kind::CredentialPlugin, u"f00d"_s, u"aws (prod-eu)"_s},
                     {ui::Consents::Kind::GitHelpers, u"git.example.com:8443"_s, u"git.example.com:8443"_s}}));
        Stage stage;
        ui::SettingsPage *page = openSettings(stage);
        QCOMPARE(page->consentButtons().size(), 3);
        QVERIFY2(page->consentButtons().at(1)->accessibleName().endsWith(u"aws (prod-eu)"_s),
                 qPrintable(page->consentButtons().at(1)->accessibleName()));
        page->consentButtons().at(1)->click();
        QVERIFY(!ui::Consents().isGiven(ui::Consents::Kind::CredentialPlugin, u"f00d"_s));
        QVERIFY(ui::Consents().isGiven(ui::Consents::Kind::CredentialPlugin, u"0ld"_s));
        QVERIFY(ui::Consents().isGiven(ui::Consents::Kind::GitHelpers, u"git.example.com:8443"_s));
        QCOMPARE(page->consentButtons().size(), 2);
    }

    void theUsualKubeconfigCanBeTakenAgain()
    {
        Stage stage;
        stage.settings.setKubeconfigFiles({u"/elsewhere"_s});
        ui::SettingsPage *page = openSettings(stage);
        QVERIFY(page->usualFilesButton()->isVisible());
        page->usualFilesButton()->click();
        QTRY_VERIFY(stage.settings.kubeconfigFiles().isEmpty());
        QVERIFY(std::ranges::any_of(stage.service.calls,
                                    [](const std::string &call) { return call.starts_with("useKubeconfig"); }));
        QTRY_VERIFY(!page->usualFilesButton()->isVisible());
    }

    void sectionsAreFound()
    {
        Stage stage;
        ui::SettingsPage *page = openSettings(stage);
        QCOMPARE(page->shownSections().size(), 7);
        QTest::keyClicks(page->filterField(), u"sync fails"_s);
        QCOMPARE(page->shownSections(), QStringList{u"Notifications"_s});
        QVERIFY(page->stepBack());
        QCOMPARE(page->shownSections().size(), 7);
        QTest::keyClicks(page->filterField(), u"kustomize"_s);
        QCOMPARE(page->shownSections(), QStringList{u"helm and kustomize"_s});
    }

    void aContextIsChosenForADestinationAndTakenBack()
    {
        Stage stage;
        service::DestinationContext unreached;
        unreached.server = "https://10.0.0.1";
        unreached.names = {"prod-us"};
        unreached.applicationCount = 2;
        service::DestinationContext nameless;
        nameless.names = {"lost"};
        nameless.problem = "no cluster of this name is registered at 'prod-eu'";
        stage.service.nextDestinations = {unreached, nameless};
        ui::SettingsPage *page = openSettings(stage);
        const ui::DestinationChoices *list = page->destinations();
        QVERIFY(list);
        QTRY_VERIFY(page->isSettled());
        QCOMPARE(list->rows().size(), 2);
        const ui::DestinationChoices::Row before = list->rows().front();
        QCOMPARE(before.title, u"prod-us (https://10.0.0.1)"_s);
        QVERIFY(!before.takeBack);
        QVERIFY(!list->rows().back().choose);
        QVERIFY2(list->rows().back().text.contains(u"No cluster of this name"_s), qPrintable(list->rows().back().text));
        QVERIFY2(before.choose->accessibleName().contains(u"prod-us"_s), qPrintable(before.choose->accessibleName()));

        Q_EMIT before.choose->menu()->aboutToShow();
        const QList<QAction *> contexts = before.choose->menu()->actions();
        QCOMPARE(contexts.size(), 2);
        QVERIFY2(contexts.at(1)->text().startsWith(u"staging"_s), qPrintable(contexts.at(1)->text()));
        stage.service.nextDestinations.front().chosen = "staging";
        stage.service.nextDestinations.front().contexts = {"staging"};
        stage.service.nextDestinations.front().origin = service::ContextOrigin::Chosen;
        contexts.at(1)->trigger();
        QVERIFY(test::wasCalled(stage.service, "chooseContext https://10.0.0.1 staging"));
        QVERIFY(stage.settings.tickedContexts().contains(u"staging"_s));
        QTRY_VERIFY(list->rows().front().takeBack);
        QVERIFY2(list->rows().front().text.endsWith(u"Reached by staging, which was chosen."_s),
                 qPrintable(list->rows().front().text));

        list->rows().front().takeBack->click();
        QVERIFY(test::wasCalled(stage.service, "chooseContext https://10.0.0.1 "));
    }

    void destinationsFollowTheClusters()
    {
        Stage stage;
        ui::SettingsPage *page = openSettings(stage);
        QTRY_VERIFY(page->isSettled());
        QVERIFY(page->destinations()->rows().isEmpty());
        service::DestinationContext destination;
        destination.server = "https://10.0.0.1";
        stage.service.nextDestinations = {destination};
        stage.service.show(*stage.service.clusters());
        QTRY_COMPARE(page->destinations()->rows().size(), 1);
    }

    void toolsAreChosenForAllAndForSingleApplications()
    {
        Stage stage;
        stage.service.nextTools = {.programs = {{"helm", "/usr/bin/helm", "v4.2.4", ""},
                                                {"kustomize", "", "", "no program 'kustomize' in PATH"}},
                                   .plugins = {{"avp", "/avp.yaml", "", ""}},
                                   .names = {},
                                   .areForced = false,
                                   .file = "/home/ada/.config/tiphys/tools.yaml",
                                   .problem = {}};
        ui::SettingsPage *page = openSettings(stage);
        ui::ToolChoices *tools = page->tools();
        QVERIFY(tools);
        QTRY_VERIFY(page->isSettled());
        QCOMPARE(tools->programsText(), u"helm v4.2.4 · /usr/bin/helm\nkustomize: no program 'kustomize' in PATH"_s);
        QVERIFY(tools->warning().isEmpty());
        QVERIFY2(tools->pluginsText().endsWith(u"avp · /avp.yaml"_s), qPrintable(tools->pluginsText()));
        QVERIFY(tools->takeBackButtons().isEmpty());
        QVERIFY(!tools->allBox()->isChecked());
        QVERIFY(!tools->addButton()->isEnabled());

        QTest::keyClicks(tools->nameField(), u"legacy-*"_s);
        QVERIFY(tools->addButton()->isEnabled());
        QTest::keyClick(tools->nameField(), Qt::Key_Return);
        QVERIFY(test::wasCalled(stage.service, "chooseTools legacy-* true"));
        QTRY_COMPARE(tools->takeBackButtons().size(), 1);
        QVERIFY(tools->nameField()->text().isEmpty());
        QVERIFY2(tools->warning().startsWith(u"kustomize cannot be run"_s), qPrintable(tools->warning()));
        QVERIFY(tools->takeBackButtons().front()->accessibleName().endsWith(u"legacy-*"_s));
        tools->takeBackButtons().front()->click();
        QVERIFY(test::wasCalled(stage.service, "chooseTools legacy-* false"));
        QTRY_VERIFY(tools->takeBackButtons().isEmpty());
        QVERIFY(tools->warning().isEmpty());

        tools->allBox()->click();
        QVERIFY(test::wasCalled(stage.service, "chooseTools * true"));
        QTRY_VERIFY(!tools->warning().isEmpty());
        QVERIFY(tools->allBox()->isChecked());
        QVERIFY(tools->takeBackButtons().isEmpty());
    }

    void theConsentOfAPluginIsTakenBack()
    {
        Stage stage;
        stage.service.nextTools.plugins = {
            {"avp", "/avp.yaml", "", ""},
            {"echo", "/echo.yaml", "", "plugin 'echo' (/echo.yaml) is not allowed to run"}};
        ui::SettingsPage *page = openSettings(stage);
        ui::ToolChoices *tools = page->tools();
        QTRY_VERIFY(page->isSettled());
        QCOMPARE(tools->pluginsText(), u"avp · /avp.yaml\nPlugin 'echo' (/echo.yaml) is not allowed to run."_s);
        QCOMPARE(tools->withdrawButtons().size(), 1);
        QVERIFY2(tools->withdrawButtons().front()->accessibleName().endsWith(u"avp"_s),
                 qPrintable(tools->withdrawButtons().front()->accessibleName()));
        QSignalSpy failures(page, &ui::Page::failed);
        stage.service.nextError = Error(ErrorCode::Denied, "cannot write /allowed-plugins");
        tools->withdrawButtons().front()->click();
        QTRY_COMPARE(failures.size(), 1);
        QCOMPARE(failures.front().front().toString(), u"Cannot write /allowed-plugins."_s);
        QTRY_COMPARE(tools->withdrawButtons().size(), 1);
        tools->withdrawButtons().front()->click();
        QVERIFY(test::wasCalled(stage.service, "withdrawPlugin avp"));
        QTRY_VERIFY(tools->withdrawButtons().isEmpty());
        QVERIFY2(tools->pluginsText().startsWith(u"Plugin 'avp'"_s), qPrintable(tools->pluginsText()));
    }

    void aChoiceThatCannotBeKeptIsToldAndNotShown()
    {
        Stage stage;
        stage.service.nextTools.file = "/tools.yaml";
        ui::SettingsPage *page = openSettings(stage);
        QTRY_VERIFY(page->isSettled());
        QSignalSpy failures(page, &ui::Page::failed);
        stage.service.nextError = Error(ErrorCode::Denied, "/tools.yaml cannot be written");
        page->tools()->allBox()->click();
        QTRY_COMPARE(failures.size(), 1);
        QCOMPARE(failures.front().front().toString(), u"/tools.yaml cannot be written."_s);
        QTRY_VERIFY(!page->tools()->allBox()->isChecked());
    }

    void whatTheEnvironmentChoosesIsNotChangedHere()
    {
        Stage stage;
        stage.service.nextTools.file = "/tools.yaml";
        stage.service.nextTools.areForced = true;
        ui::SettingsPage *page = openSettings(stage);
        QTRY_VERIFY(page->isSettled());
        QVERIFY(page->tools()->allBox()->isChecked());
        QVERIFY(!page->tools()->allBox()->isEnabled());
    }

    void aFileThatCannotBeReadIsTold()
    {
        Stage stage;
        stage.service.nextTools.file = "/tools.yaml";
        stage.service.nextTools.problem = "/tools.yaml: it must hold 'use'";
        ui::SettingsPage *page = openSettings(stage);
        QTRY_VERIFY(page->isSettled());
        QCOMPARE(page->tools()->warning(), u"/tools.yaml: it must hold 'use'."_s);
        QVERIFY(!page->tools()->allBox()->isEnabled());
        QVERIFY(!page->tools()->nameField()->isEnabled());
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(SettingsPageTest)
#include "settings_page_test.moc"
