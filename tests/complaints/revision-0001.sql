PRAGMA application_id = 1397706063;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE chains (
	channel VARCHAR(200) NOT NULL, 
	length INTEGER NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	PRIMARY KEY (channel)
);
INSERT INTO "chains" VALUES('facebook:somos',10,'54b7fa7f6b9a7b45439498a72dd4cbe3dbe7873dc73bf0c6daa3a81b535373f4');
INSERT INTO "chains" VALUES('x:somos',13,'9501439ee1e9cf9998426e75c36d8563621990d42bf1ef2e3737bf7d91b84735');
CREATE TABLE deliveries (
	"key" VARCHAR(400) NOT NULL, 
	campaign VARCHAR(100) NOT NULL, 
	post VARCHAR(100) NOT NULL, 
	channel VARCHAR(200) NOT NULL, 
	variant TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	due_at DATETIME NOT NULL, 
	grace INTEGER NOT NULL, 
	run_at DATETIME, 
	expires_at DATETIME NOT NULL, 
	"after" VARCHAR(400), 
	parent_id VARCHAR(200), 
	status VARCHAR(20) NOT NULL, 
	attempts INTEGER NOT NULL, 
	lease VARCHAR(300), 
	lease_until DATETIME, 
	asked_at DATETIME, 
	absent_after DATETIME, 
	looks INTEGER NOT NULL, 
	upload TEXT, 
	prepared BOOLEAN NOT NULL, 
	blocked BOOLEAN NOT NULL, 
	remote_id VARCHAR(200), 
	url TEXT, 
	reason TEXT, 
	version INTEGER NOT NULL, 
	PRIMARY KEY ("key"), 
	CONSTRAINT known_status CHECK (status IN ('scheduled', 'claimed', 'publishing', 'published', 'unconfirmed', 'failed', 'missed', 'cancelled', 'removed')), 
	CONSTRAINT lease_where_in_hand CHECK ((status IN ('claimed', 'publishing')) = (lease IS NOT NULL))
);
INSERT INTO "deliveries" VALUES('prueba/antes@facebook:somos','prueba','antes','facebook:somos','{"format":"feed","text":"Antes.","link":null,"assets":[]}','53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','2026-11-29 14:00:00.000000',7200,NULL,'2026-11-29 16:00:00.000000',NULL,NULL,'published',1,NULL,NULL,'2026-11-29 14:00:00.000000',NULL,0,'{"begun_at":"2026-11-29T14:00:00+00:00","parts":{}}',1,0,'1000001_122200000000001','https://www.facebook.com/1000001_122200000000001',NULL,3);
INSERT INTO "deliveries" VALUES('prueba/antes@facebook:somos#comment','prueba','antes','facebook:somos','{"format":"comment","text":"¿Y tú?","link":null,"assets":[]}','bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','2026-11-29 14:00:00.000000',7200,NULL,'2026-11-29 16:00:00.000000','prueba/antes@facebook:somos','1000001_122200000000001','published',1,NULL,NULL,'2026-11-29 14:00:00.000000',NULL,0,'{"begun_at":"2026-11-29T14:00:00+00:00","parts":{}}',1,0,'122200000000001_17900000000000002','https://www.facebook.com/122200000000001_17900000000000002',NULL,4);
INSERT INTO "deliveries" VALUES('prueba/antes@x:somos','prueba','antes','x:somos','{"format":"feed","text":"Antes.","link":null,"assets":[]}','53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','2026-11-29 14:00:00.000000',7200,NULL,'2026-11-29 16:00:00.000000',NULL,NULL,'published',1,NULL,NULL,'2026-11-29 14:00:00.000000',NULL,0,'{"begun_at":"2026-11-29T14:00:00+00:00","parts":{}}',1,0,'2127040381055926272','https://x.com/somos/status/2127040381055926272',NULL,6);
INSERT INTO "deliveries" VALUES('prueba/antes@x:somos#comment','prueba','antes','x:somos','{"format":"comment","text":"¿Y tú?","link":null,"assets":[]}','bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','2026-11-29 14:00:00.000000',7200,NULL,'2026-11-29 16:02:00.000000','prueba/antes@x:somos','2127040381055926272','published',1,NULL,NULL,'2026-11-29 14:02:00.000000',NULL,0,'{"begun_at":"2026-11-29T14:02:00+00:00","parts":{}}',1,0,'2127040381055926273','https://x.com/somos/status/2127040381055926273',NULL,4);
INSERT INTO "deliveries" VALUES('prueba/uno@facebook:somos','prueba','uno','facebook:somos','{"format":"feed","text":"Somos lo mismo. uno","link":null,"assets":[]}','9fa16adee08f4031b667f4eb1fdec2241d0e515ad987ebafdd28c1a54ad38be7','2026-12-01 14:00:00.000000',7200,'2026-12-01 13:50:00.000000','2026-12-01 16:00:00.000000',NULL,NULL,'scheduled',0,NULL,NULL,NULL,NULL,0,NULL,0,0,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES('prueba/uno@facebook:somos#comment','prueba','uno','facebook:somos','{"format":"comment","text":"¿Y tú?","link":null,"assets":[]}','bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','2026-12-01 14:00:00.000000',7200,NULL,'2026-12-01 16:00:00.000000','prueba/uno@facebook:somos',NULL,'scheduled',0,NULL,NULL,NULL,NULL,0,NULL,0,0,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES('prueba/uno@x:somos','prueba','uno','x:somos','{"format":"feed","text":"Somos lo mismo. uno","link":null,"assets":[]}','9fa16adee08f4031b667f4eb1fdec2241d0e515ad987ebafdd28c1a54ad38be7','2026-12-01 14:00:00.000000',7200,'2026-12-01 13:50:00.000000','2026-12-01 16:00:00.000000',NULL,NULL,'scheduled',0,NULL,NULL,NULL,NULL,0,NULL,0,0,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES('prueba/uno@x:somos#comment','prueba','uno','x:somos','{"format":"comment","text":"¿Y tú?","link":null,"assets":[]}','bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','2026-12-01 14:00:00.000000',7200,NULL,'2026-12-01 16:00:00.000000','prueba/uno@x:somos',NULL,'scheduled',0,NULL,NULL,NULL,NULL,0,NULL,0,0,NULL,NULL,NULL,0);
CREATE TABLE handoffs (
	campaign VARCHAR(100) NOT NULL, 
	"key" VARCHAR(100) NOT NULL, 
	influencer VARCHAR(200) NOT NULL, 
	contact VARCHAR(200) NOT NULL, 
	draft_due DATETIME, 
	live_due DATETIME NOT NULL, 
	brief TEXT NOT NULL, 
	review BOOLEAN NOT NULL, 
	status VARCHAR(20) DEFAULT 'offered' NOT NULL, 
	url TEXT, 
	PRIMARY KEY (campaign, "key")
);
CREATE TABLE log (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	delivery VARCHAR(400) NOT NULL, 
	channel VARCHAR(200) NOT NULL, 
	"from" VARCHAR(20), 
	"to" VARCHAR(20) NOT NULL, 
	event VARCHAR(40) NOT NULL, 
	attempt INTEGER NOT NULL, 
	actor VARCHAR(200) NOT NULL, 
	url TEXT, 
	remote_id VARCHAR(200), 
	reason TEXT, 
	digest VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL
);
INSERT INTO "log" VALUES(1,'2026-11-28 14:00:00.000000','prueba/antes@facebook:somos','facebook:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','ca519a7c2acb1aad3584ea1b37d715801dc68be43ac804ce2bea33a051a2fc3f');
INSERT INTO "log" VALUES(2,'2026-11-28 14:00:00.000000','prueba/antes@facebook:somos#comment','facebook:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','2bb1f3a3e9e4cb26cc2b0a0841b3a7f63151304a2d222ba18bc338bca71e75a9');
INSERT INTO "log" VALUES(3,'2026-11-28 14:00:00.000000','prueba/antes@x:somos','x:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','84a8861e80d6157e72832e0737e20e5b449a4d235f644ceb90d5872f24830881');
INSERT INTO "log" VALUES(4,'2026-11-28 14:00:00.000000','prueba/antes@x:somos#comment','x:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','e33e97369244d212ae2863cae948840753f0234ecb3b8c21e8474b866993b5cb');
INSERT INTO "log" VALUES(5,'2026-11-28 14:00:00.000000','prueba/uno@facebook:somos','facebook:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'9fa16adee08f4031b667f4eb1fdec2241d0e515ad987ebafdd28c1a54ad38be7','e637b970bf1a104f561d7cd48f520f09af9101eae7647cd010881fb7e971c2e4');
INSERT INTO "log" VALUES(6,'2026-11-28 14:00:00.000000','prueba/uno@facebook:somos#comment','facebook:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','36db5a6a18d7091545cdb198326c331bdc61a039157d24b6fd98a73e8c85a0d9');
INSERT INTO "log" VALUES(7,'2026-11-28 14:00:00.000000','prueba/uno@x:somos','x:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'9fa16adee08f4031b667f4eb1fdec2241d0e515ad987ebafdd28c1a54ad38be7','0f52c669696aa982c7ab6378072ed7c2a71fedc341f76ef7043ea0ee77e4ce37');
INSERT INTO "log" VALUES(8,'2026-11-28 14:00:00.000000','prueba/uno@x:somos#comment','x:somos',NULL,'scheduled','scheduled',0,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','e8458b173f0df305ed3a4f7529f43e231976cd174d4c16ab2c086daa1b7bb513');
INSERT INTO "log" VALUES(9,'2026-11-29 14:00:00.000000','prueba/antes@facebook:somos','facebook:somos','scheduled','claimed','claimed',1,'somos@old',NULL,NULL,NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','34c3db0b5bf5fdf153c33173dc105687cfe5aed1c679c40891a22753e36b9402');
INSERT INTO "log" VALUES(10,'2026-11-29 14:00:00.000000','prueba/antes@facebook:somos','facebook:somos','claimed','publishing','prepared',1,'somos@old',NULL,NULL,NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','efdd184afc03f5ce6b6904f9c28230a33bd647e11db6a924bfafbb2070165bef');
INSERT INTO "log" VALUES(11,'2026-11-29 14:00:00.000000','prueba/antes@facebook:somos','facebook:somos','publishing','published','published',1,'somos@old','https://www.facebook.com/1000001_122200000000001','1000001_122200000000001',NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','d0c054a7fbefeceeab30834f711976bca469f8c33ab56fe928504f98823a808a');
INSERT INTO "log" VALUES(12,'2026-11-29 14:00:00.000000','prueba/antes@facebook:somos#comment','facebook:somos','scheduled','claimed','claimed',1,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','17b5e2650de14cb177af7032bf8fb59c7b45362c94a287ab12dc05192b9e8429');
INSERT INTO "log" VALUES(13,'2026-11-29 14:00:00.000000','prueba/antes@facebook:somos#comment','facebook:somos','claimed','publishing','prepared',1,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','facdd4cadc7568ae4f129057ef9d69f7c586d039899971b99cf4deab99f408f3');
INSERT INTO "log" VALUES(14,'2026-11-29 14:00:00.000000','prueba/antes@facebook:somos#comment','facebook:somos','publishing','published','published',1,'somos@old','https://www.facebook.com/122200000000001_17900000000000002','122200000000001_17900000000000002',NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','54b7fa7f6b9a7b45439498a72dd4cbe3dbe7873dc73bf0c6daa3a81b535373f4');
INSERT INTO "log" VALUES(15,'2026-11-29 14:00:00.000000','prueba/antes@x:somos','x:somos','scheduled','claimed','claimed',1,'somos@old',NULL,NULL,NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','21e28a354576047a45ab683fa860e0b830544ad3fbbdb708f6085dc16e3d8bc6');
INSERT INTO "log" VALUES(16,'2026-11-29 14:00:00.000000','prueba/antes@x:somos','x:somos','claimed','publishing','prepared',1,'somos@old',NULL,NULL,NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','fc8cc9ddeae94698ddf7c239896e41c910bf400baf7a2c92b31372a84500f2dd');
INSERT INTO "log" VALUES(17,'2026-11-29 14:00:00.000000','prueba/antes@x:somos','x:somos','publishing','scheduled','throttled',0,'somos@old',NULL,NULL,'X asks us to wait: Too Many Requests','53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','f5b30b28c6655865053e2fb7486cfbf6512d12dff301d38637cd9943182f770d');
INSERT INTO "log" VALUES(18,'2026-11-29 14:02:00.000000','prueba/antes@x:somos','x:somos','scheduled','claimed','claimed',1,'somos@old',NULL,NULL,'X asks us to wait: Too Many Requests','53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','8c46572757e3443d3bf02bc4c8020172cab76517557005df6b901ddbee38e30c');
INSERT INTO "log" VALUES(19,'2026-11-29 14:02:00.000000','prueba/antes@x:somos','x:somos','claimed','publishing','prepared',1,'somos@old',NULL,NULL,NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','930f443527f93f3218d1be044c3dba3eba82d658576cc790eb7a2c895640a760');
INSERT INTO "log" VALUES(20,'2026-11-29 14:02:00.000000','prueba/antes@x:somos','x:somos','publishing','published','published',1,'somos@old','https://x.com/somos/status/2127040381055926272','2127040381055926272',NULL,'53bc1336c761a9aedc9064ab26fec3ad425c23661445cc9f2a721f4a6b6aa7d8','237c95b220a2317a27700733745c348cd611db66d36a280f64fe8286dac7f3ee');
INSERT INTO "log" VALUES(21,'2026-11-29 14:02:00.000000','prueba/antes@x:somos#comment','x:somos','scheduled','claimed','claimed',1,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','2dd2ecc7157618354484df64e0b4b77099620c93277faa3db99f6e21bcfc1b11');
INSERT INTO "log" VALUES(22,'2026-11-29 14:02:00.000000','prueba/antes@x:somos#comment','x:somos','claimed','publishing','prepared',1,'somos@old',NULL,NULL,NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','7f7da94b041cac9f5d67eb64ec5fe1c52c4a0a373aa39dcd4c32da40854eee68');
INSERT INTO "log" VALUES(23,'2026-11-29 14:02:00.000000','prueba/antes@x:somos#comment','x:somos','publishing','published','published',1,'somos@old','https://x.com/somos/status/2127040381055926273','2127040381055926273',NULL,'bea12621a06e6ede77e5e22bf92cbbbee2e74dd4bcf596f0016c7ccbcc141523','9501439ee1e9cf9998426e75c36d8563621990d42bf1ef2e3737bf7d91b84735');
CREATE UNIQUE INDEX one_visible_call_per_channel ON deliveries (channel) WHERE status = 'publishing';
CREATE INDEX ready ON deliveries (channel, due_at) WHERE prepared = 1 AND status IN ('scheduled', 'claimed', 'publishing');
CREATE INDEX followers ON deliveries ("after") WHERE after IS NOT NULL;
CREATE INDEX by_remote_id ON deliveries (channel, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX by_status ON deliveries (status, run_at);
CREATE INDEX by_lease ON deliveries (status, lease_until);
CREATE INDEX by_campaign ON deliveries (campaign);
CREATE INDEX log_by_delivery ON log (delivery);
CREATE INDEX log_by_channel ON log (channel, id);
CREATE INDEX log_by_time ON log (at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('log',23);
COMMIT;
