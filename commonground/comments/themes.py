"""Themes that comments about work often have; reviewers add their own. English, Spanish."""

COMMON = (
    ("Workload and time", "Carga de trabajo y tiempo"),
    ("Breaks and rest", "Descansos"),
    ("Staffing and substitutes", "Personal y suplentes"),
    ("Safety at work", "Seguridad en el trabajo"),
    ("Buildings, heat and equipment", "Edificios, calor y equipo"),
    ("How leaders listen", "Cómo escucha la dirección"),
    ("Respect and recognition", "Respeto y reconocimiento"),
    ("Working together", "Trabajo en equipo"),
    ("News and being informed", "Información"),
    ("Training and growth", "Capacitación y desarrollo"),
    ("Health and stress", "Salud y estrés"),
    ("Pay and benefits", "Sueldo y prestaciones"),
    ("Students and families", "Alumnos y familias"),
    ("Something that works well", "Algo que funciona bien"),
)
"""Pay stands here because people write of it; what is bargained goes to the bargaining table all the same."""
