"""What are the columns of a people file called: by us, by everyday spreadsheets, and by the exports of HR systems?

Case, accents, spaces and punctuation do not count (`domain.folding`). Beside English, German and Spanish everyday
names these are headers of exports and import templates of BambooHR ("Employee #", "Hire Date", "Supervisor EEID",
"Reports To"), HiBob ("Work email", "Reports to", "Site", "Lifecycle status"), Personio ("Eintrittsdatum", "Büro",
"Vorgesetzter") and Workday ("Legal Name - First Name", "Business Title", "Email - Work", "Worker's Manager").
Never add a column about pay, birth, gender, nationality or identity papers: what has no name here is never read.
"""

from __future__ import annotations

from collections.abc import Mapping

NAME, MANAGER, EMAIL, NOMBRE, ESTADO, WHY = "name", "manager", "email", "nombre", "estado", "why"
"""Columns whose meaning depends on the others: a whole name; a manager by id, address or name; any address; a
given name or a whole one; a state of employment or a region; the reasons in a file of refused rows."""
OPT_IN, OPT_OUT, PAUSED_UNTIL, CAPACITY, AWAY, EXCLUDE = (
    *("opt_in", "opt_out", "paused_until", "capacity", "away", "exclude"),
)
FLEXIBLE_BEFORE, FLEXIBLE_AFTER = "flexible_before", "flexible_after"
ACTIVE, STATUS, END_DATE = "active", "status", "end_date"

FIRST: Mapping[str, str] = {
    "id": """
        id; employee id; employee #; employee no; eeid; emp id; person id; worker id; staff id; staff
        number; personnel number; personnel id; employee code; payroll id; Personalnummer; Personal-Nr.;
        Pers.-Nr.; Mitarbeiternummer; Mitarbeiter-Nr.; Mitarbeiter-ID; Mitarbeitenden-ID;
        Mitarbeitendennummer; ID de empleado; ID empleado; Número de empleado; N.º de empleado; Nº empleado;
        Código de empleado; Código empleado; Legajo
    """,
    "first_name": """
        first name; given name; forename; legal first name; legal name - first name; Vorname; Vorname(n);
        Nombre de pila; Primer nombre; Nombres
    """,
    "last_name": """
        last name; surname; family name; legal last name; legal name - last name; Nachname; Familienname;
        Zuname; Apellido; Apellidos; Primer apellido
    """,
    "preferred_name": """
        preferred name; preferred first name; preferred name - first name; nickname; known as; goes by;
        Rufname; Spitzname; Bevorzugter Name; Nombre preferido; Apodo
    """,
    NAME: """
        name; full name; employee name; employee; display name; worker; legal name; legal full name;
        Vollständiger Name; Voller Name; Mitarbeiter; Mitarbeitername; Vor- und Nachname; Nombre completo;
        Nombre y apellidos; Nombre y apellido; Empleado
    """,
    NOMBRE: "Nombre",
    "work_email": """
        work email; business email; company email; corporate email; office email; email - work; email -
        primary work; primary work email; work email address; business email address; Arbeits-E-Mail;
        Geschäftliche E-Mail; Geschäftliche E-Mail-Adresse; E-Mail (geschäftlich); E-Mail (Arbeit);
        Dienstliche E-Mail; Dienstliche E-Mail-Adresse; Firmen-E-Mail; Correo corporativo; Correo
        electrónico corporativo; Correo de trabajo; Correo electrónico de trabajo; Correo laboral; Correo
        electrónico laboral; Email corporativo; Email de trabajo; Correo de empresa
    """,
    EMAIL: "email; email address; mail; E-Mail-Adresse; Correo; Correo electrónico",
    "personal_email": """
        personal email; private email; home email; email - home; email - personal; personal email address;
        Private E-Mail-Adresse; E-Mail (privat); Persönliche E-Mail; Persönliche E-Mail-Adresse; Correo
        personal; Correo electrónico personal; Correo privado
    """,
    "start_date": """
        start date; hire date; date of hire; hired on; joining date; date of joining; date joined;
        employment start date; first day; first day of work; commencement date; date hired; join date;
        Eintrittsdatum; Eintritt; Einstellungsdatum; Anstellungsdatum; Startdatum; Erster Arbeitstag;
        Beschäftigungsbeginn; Dienstbeginn; Datum des Eintritts; Firmeneintritt; Fecha de inicio; Fecha de
        ingreso; Fecha de alta; Fecha de contratación; Fecha de incorporación; Fecha inicio; Fecha ingreso;
        Fecha alta; Primer día; Fecha de entrada
    """,
    "time_zone": "time zone; tz; iana time zone; Zeitzone; Zona horaria; Huso horario",
    "country": """
        country; country code; work country; country of work; location country; site country; Land;
        Arbeitsland; Einsatzland; Länderkürzel; País; País de trabajo; Código de país
    """,
    "subdivision": """
        subdivision; state; province; state/province; state / region; federal state; Bundesland;
        Bundesstaat; Kanton; Provincia; Comunidad autónoma; Estado/Provincia
    """,
    ESTADO: "Estado",
    "language": """
        language; preferred language; mail language; locale; correspondence language; Sprache; Bevorzugte
        Sprache; Korrespondenzsprache; Idioma; Idioma preferido; Lengua
    """,
    "languages": """
        languages; further languages; other languages; languages spoken; spoken languages; Sprachen; Weitere
        Sprachen; Sprachkenntnisse; Idiomas; Otros idiomas; Lenguas
    """,
    "job_title": """
        job title; business title; position; position title; Stellenbezeichnung; Berufsbezeichnung;
        Jobtitel; Funktion; Stelle; Tätigkeit; Puesto; Puesto de trabajo; Cargo; Título del puesto
    """,
    "craft": """
        craft; discipline; expertise; Fachrichtung; Fachgebiet; Disziplin; Oficio; Disciplina; Especialidad
    """,
    "seniority": "seniority; seniority level; Seniorität; Senioritätsstufe; Nivel de experiencia",
    "department": "department; dept; department name; Abteilung; Fachbereich; Departamento; Dpto.",
    "team": "team; team name; squad; Equipo",
    "location": """
        location; work location; office; office location; site; location name; workplace; Standort; Büro;
        Arbeitsort; Niederlassung; Arbeitsstätte; Ubicación; Oficina; Sede; Centro de trabajo; Lugar de
        trabajo
    """,
    "manager_id": """
        manager id; supervisor eeid; supervisor id; manager employee id; manager employee #; manager #; line
        manager id; reports to id; supervisor #; reports to employee id; worker's manager id; manager eeid;
        Vorgesetzten-ID; Vorgesetzter ID; Personalnummer Vorgesetzter; Vorgesetzter (Personalnummer);
        Personalnummer des Vorgesetzten; Führungskraft ID; ID del jefe; ID del responsable; ID del
        supervisor; ID jefe; ID responsable; ID del manager; ID de supervisor; Número de empleado del
        responsable
    """,
    "manager_email": """
        manager email; manager's email; supervisor email; line manager email; reports to email; manager work
        email; manager email address; reports to work email; supervisor work email; E-Mail des Vorgesetzten;
        Vorgesetzter E-Mail; Vorgesetzten-E-Mail; E-Mail Vorgesetzter; Führungskraft E-Mail; E-Mail der
        Führungskraft; Correo del jefe; Correo del responsable; Correo del supervisor; Email del manager;
        Correo jefe; Correo electrónico del responsable; Correo electrónico del supervisor; Email del
        responsable
    """,
    MANAGER: """
        manager; manager name; reports to; supervisor; supervisor name; line manager; boss; worker's
        manager; direct manager; reporting manager; reports to name; line manager name; Vorgesetzter;
        Vorgesetzte; Vorgesetzte Person; Führungskraft; Berichtet an; Direkter Vorgesetzter; Name des
        Vorgesetzten; Vorgesetzter Name; Jefe; Jefa; Jefe directo; Jefe inmediato; Responsable; Gerente;
        Reporta a; Superior; Responsable directo; Nombre del responsable; Nombre del jefe
    """,
    "interests": "interests; hobbies; Interessen; Hobbys; Intereses; Aficiones",
    "working_hours_start": """
        working hours start; work day starts; working day start; Arbeitsbeginn; Arbeitszeit von; Hora de
        entrada; Hora de inicio; Inicio de jornada
    """,
    "working_hours_end": """
        working hours end; work day ends; working day end; Arbeitsende; Arbeitszeit bis; Hora de salida;
        Hora de fin; Fin de jornada
    """,
    OPT_IN: "opt in; opted in; takes part in; Macht mit bei; Angemeldet; Participa en; Inscrito en",
    OPT_OUT: "opt out; opted out; do not match; Nicht auswählen; Abgemeldet; Excluir; No emparejar",
    PAUSED_UNTIL: "paused until; pause until; Pausiert bis; Pause bis; En pausa hasta; Pausa hasta",
    CAPACITY: """
        capacity; newcomers at a time; Kapazität; Neue gleichzeitig; Capacidad; Nuevos a la vez
    """,
    AWAY: "away; away dates; out of office; Abwesend; Abwesend von bis; Ausente; Fechas de ausencia",
    EXCLUDE: "exclude; excluded; never with; do not match with; Nie mit; Nunca con; No juntar con",
    FLEXIBLE_BEFORE: "flexible before; flexible minutes before; Flexibel davor; Flexible antes",
    FLEXIBLE_AFTER: "flexible after; flexible minutes after; Flexibel danach; Flexible después",
    END_DATE: """
        end date; termination date; last day; last working day; last day of work; leaving date; left; left
        on; employment end date; exit date; leave date; date left; separation date; Austrittsdatum;
        Austritt; Letzter Arbeitstag; Enddatum; Datum des Austritts; Fecha de baja; Fecha de salida; Fecha
        de egreso; Último día; Fecha de cese; Fecha baja; Fecha de terminación; Fecha de fin
    """,
    STATUS: """
        status; employee status; active status; worker status; lifecycle status; Beschäftigungsstatus;
        Mitarbeiterstatus; Anstellungsstatus; Estado del empleado; Estado empleado; Situación; Situación
        laboral; Estatus; Estado laboral
    """,
    ACTIVE: "active; is active; currently active; currently employed; Aktiv; Activo; Activa; En activo",
    WHY: "why",
}
"""Field -> the names of its column. A file with two of them for one field is refused: which of them counts?"""

SECOND: Mapping[str, str] = {
    "start_date": "original hire date; Vertragsbeginn; Beginn",
    "country": "country name; Ländername; Nombre del país",
    "job_title": "title; job; role; Rolle; Rol",
    "department": "division; business unit; supervisory organization; Bereich; Área",
    "team": "group; Gruppe; Grupo",
    "location": "city; Stadt; Ort; Ciudad; Localidad",
    "subdivision": "region; Región",
    STATUS: "employment status",
}
"""Names that count only where a file has none of the first: the earlier in this list, the rather."""


def listed(text: str) -> list[str]:
    """The names in one of these texts."""
    return [" ".join(name.split()) for name in text.split(";")]
