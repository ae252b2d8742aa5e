-- :count synthetic shops: 60 cities whose sizes fall off like Zipf's law, 60 hot spots of 0.3 to 1.5 km in
-- each plus a blob of 12 km, 40 kinds from about 1 % to 19 %, seven in ten open now. The same every time.
SELECT setseed(0.42);

CREATE TEMP TABLE city AS
  SELECT n, 22 + random() * 20 AS lat, 102 + random() * 18 AS lon, 1.0 / n AS weight FROM generate_series(1, 60) n;
ALTER TABLE city ADD upto float8;
UPDATE city SET upto = (SELECT sum(weight) FROM city before WHERE before.n <= city.n) / (SELECT sum(weight) FROM city);
CREATE TEMP TABLE spot AS
  SELECT city.n AS city, s AS n, 300 + random() * 1200 AS metres,
         city.lat + (random() + random() - 1) * 0.1 AS lat, city.lon + (random() + random() - 1) * 0.12 AS lon
  FROM city, generate_series(1, 60) s;
CREATE TEMP TABLE kind AS
  SELECT id, row_number() OVER (ORDER BY id) AS n FROM merchants_category WHERE parent_id IS NOT NULL LIMIT 40;

CREATE TEMP TABLE place AS
  SELECT n, (SELECT min(c.n) FROM city c WHERE c.upto >= draw) AS city, 1 + floor(random() * 60)::int AS spot,
         random() < 0.7 AS hot, sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS east,
         sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS north,
         least(40, 1 + floor(40 * power(random(), 1.75)))::int AS kind, random() AS luck, random() AS word
  FROM (SELECT n, random() AS draw FROM generate_series(1, :count) n OFFSET 0) drawn;

INSERT INTO merchants_shop (category_id, slug, name, name_en, about, address, phone, location, given_datum, time_zone,
    hours, opens_at, closes_at, next_change_at, headline, cover, search_text, bigrams, source, source_id,
    source_licence, published_at, is_listed, reached)
  SELECT kind.id, 'bench-' || p.n, called.name, '', '', '', '',
         ST_SetSRID(ST_MakePoint(
           CASE WHEN p.hot THEN spot.lon + p.east * spot.metres / 90000 ELSE city.lon + p.east * 12000 / 90000 END,
           CASE WHEN p.hot THEN spot.lat + p.north * spot.metres / 111000 ELSE city.lat + p.north * 12000 / 111000 END
         ), 4326)::geography, 'WGS-84', 'Asia/Shanghai', 'Mo-Su 09:00-21:00',
         now() + CASE WHEN p.luck < 0.7 THEN interval '-5 hours' ELSE interval '5 hours' END,
         now() + CASE WHEN p.luck < 0.7 THEN interval '5 days' ELSE interval '9 hours' END,
         NULL, '', '', called.name,
         ARRAY(SELECT DISTINCT gram FROM generate_series(1, length(called.name)) i,
               LATERAL (VALUES (substr(called.name, i, 1)), (substr(called.name, i, 2))) AS g (gram)),
         'bench', p.n::text, '', now(), p.luck < 0.93, 0
  FROM place p JOIN city ON city.n = p.city JOIN spot ON spot.city = p.city AND spot.n = p.spot
  JOIN kind ON kind.n = p.kind,
  LATERAL (SELECT chr((19968 + p.n * 7919::bigint % 4000)::int) || chr((19968 + p.n * 104729::bigint % 4000)::int)
         || CASE WHEN p.word < 0.05 THEN '咖啡' WHEN p.word < 0.0501 THEN '钟表' WHEN p.word < 0.3 THEN '理发' ELSE '小店' END
         AS name) called;
