// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consents.h"
#include "ui/main_window/sidebar.h"
#include "ui/pages/settings_page.h"
#include "window_stage.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFocusEvent>
#include <QLineEdit>
#include <QPushButton>
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
        QCOMPARE(ui::Consents().all(), (QList<ui::Consents::Consent>{{ui::Consents::Kind::CredentialPlugin, u"0ld"_s, {}},
                                                                     {ui::Consents::Kind::CredentialPlugin, u"f00d"_s, u"aws (prod-eu)"_s},
                                                                     {ui::Consents::Kind::GitHelpers, u"git.example.com:8443"_s, u"git.example.com:8443"_s}}));
        Stage stage;
        ui::SettingsPage *page = openSettings(stage);
        QCOMPARE(page->consentButtons().size(), 3);
        QVERIFY2(page->consentButtons().at(1)->accessibleName().endsWith(u"aws (prod-eu)"_s), qPrintable(page->consentButtons().at(1)->accessibleName()));
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
        QVERIFY(std::ranges::any_of(stage.service.calls, [](const std::string &call) { return call.starts_with("useKubeconfig"); }));
        QTRY_VERIFY(!page->usualFilesButton()->isVisible());
    }

    void sectionsAreFound()
    {
        Stage stage;
        ui::SettingsPage *page = openSettings(stage);
        QCOMPARE(page->shownSections().size(), 5);
        QTest::keyClicks(page->filterField(), u"sync fails"_s);
        QCOMPARE(page->shownSections(), QStringList{u"Notifications"_s});
        QVERIFY(page->stepBack());
        QCOMPARE(page->shownSections().size(), 5);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(SettingsPageTest)
#include "settings_page_test.moc"
