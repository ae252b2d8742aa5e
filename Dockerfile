# The portal as one image; docker-compose.yml runs it as web, worker and beat.

FROM node:22-bookworm-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgdal32 libgeos-c1v5 \
      libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM base AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gettext \
 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN python -m venv /venv && pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=frontend /build/node_modules /build/node_modules
# Collecting static files reads the settings, which want keys: these are made for this one step and kept nowhere.
RUN python -m tools.frontend /build/node_modules \
 && python -c "from tools import portal; portal.compile_translations()" \
 && env $(python -m tools.environment) DATABASE_URL=postgis://nobody@nowhere/none \
    python manage.py collectstatic --no-input

FROM base AS portal
RUN useradd --system --uid 10001 --home-dir /app portal \
 && install -d -o portal /data/media
COPY --from=build /venv /venv
COPY --from=build /app /app
USER portal
ENV PORTAL_ENV=production BIND=0.0.0.0:8000 MEDIA_ROOT=/data/media BEAT_SCHEDULE=/tmp/beat
VOLUME /data/media
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
  CMD ["python", "-m", "tools.docker.healthy"]
CMD ["honcho", "--env", "/dev/null", "start", "web"]
