// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/consents.h"
#include "ui/pages/page.h"
#include "ui/theme/colors.h"

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;

namespace tiphys::ui {

class DestinationChoices;
class TextLabel;
class ToolChoices;

/// What the program remembers of the person's choices, where it can be looked at and taken back. Each counts at once.
class SettingsPage final : public Page
{
    Q_OBJECT

public:
    explicit SettingsPage(UiContext context, QWidget *parent = nullptr);

    void show(const Location &location) override;
    QString title() const override;
    QList<QWidget *> panes() override;
    void startFilter() override;
    bool stepBack() override;
    /// Shows everything as it is stored now.
    void renew();

    QLineEdit *filterField() const { return m_filter; }
    QComboBox *schemeBox() const { return m_scheme; }
    QCheckBox *noticesBox() const { return m_notices; }
    /// Takes back the files that were chosen; hidden where none were.
    QPushButton *usualFilesButton() const { return m_usualFiles; }
    /// A button for each consent, in the order of Consents::all().
    QList<QPushButton *> consentButtons() const { return m_consentButtons; }
    /// Titles of the sections that the filter leaves.
    QStringList shownSections() const;
    bool isSettled() const override;
    /// Null where the service knows nothing of them.
    DestinationChoices *destinations() const { return m_destinations; }
    ToolChoices *tools() const { return m_tools; }

Q_SIGNALS:
    void schemeChosen(tiphys::ui::Scheme scheme);
    void noticesChosen(bool areOn);

private:
    struct Section
    {
        QWidget *widget;
        QString title;
        QString words; ///< what the filter looks in
    };

    /// A section with a title and what it is about; gives where its parts go.
    QBoxLayout *addSection(const QString &title, const QString &text);
    void buildSections();
    /// What the engine knows of the person's choices for this machine. \p previous: after which Tab comes to them.
    void buildMachineSections(QWidget *previous);
    void showFiles();
    void showConsents();
    void filter();
    void useUsualFiles();

    QLineEdit *m_filter;
    QWidget *m_form;
    QComboBox *m_scheme;
    QCheckBox *m_notices;
    TextLabel *m_files;
    QPushButton *m_usualFiles;
    DestinationChoices *m_destinations = nullptr;
    ToolChoices *m_tools = nullptr;
    QBoxLayout *m_consents = nullptr;
    QWidget *m_consentList = nullptr;
    QList<QPushButton *> m_consentButtons;
    QList<Section> m_sections;
};

} // namespace tiphys::ui
