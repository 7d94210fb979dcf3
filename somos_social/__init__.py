"""somos_social schedules and publishes a campaign, and can always say what went out.

The sentence: the CLI asks, flows act, the core decides, adapters touch the world.

The law: write down that a call may make something public before making it. From it follow the
states, the `unconfirmed` state, the lease, the platform contract and the most important test.

The two truths: TOML files say what we want, the database says what happened. They do not overlap.

The grid. To find any code, ask which subject it is about, and whether it asks, acts or decides:

                   campaign (what we want)  delivery (what goes out)      handoff (what others post)
    cli/   asks    campaign.py              queue.py, log.py, status.py   handoff.py
    flows/ acts    campaign.py              delivery.py, mending.py       handoff.py
    core/  decides campaign.py              delivery.py                   handoff.py

The tower. Imports point down only, and `lint-imports` holds that:

    cli          a command parses, calls one flow, renders
    rehearsal    a whole campaign on a virtual clock, against the sandbox
    daemon       APScheduler: the heart-beat, not the memory
    wiring       Settings to App: the only place that constructs
    board        the web application on which people look, approve and pause
    report       what went out and how it was received, for donors: web page and PDF
    preview      how posts will look on their networks, in HTML
    flows        load, decide, act, record
    files        campaigns/*.toml and media/* to core values, with every problem at once
    heartbeat    lets a watcher outside know that posts are looked after
    hosting      where Instagram fetches pictures: a web folder, a bucket, the photo of a Page
    kit          what an influencer gets: a folder and a zip, as web page, PDF and text
    media        what a picture or a video is, and what is made of it for a network
    store        SQLAlchemy Core: claim, apply, read; the log and its chain; migrations
    notify       tells a person: the desk where the config says, an influencer by mail
    platforms    the contract, and Facebook, Instagram and X behind it
    settings     config.toml to frozen Settings; secrets by reference
    document     a TOML file held against a shape, with every problem at once
    core         pure: values in, values out, `now` is always an argument
    errors       what a person is told of, and the exit codes

    sandbox      stand-ins for the three networks over real HTTP; imports nothing of the above
"""

__version__ = "0.1.0"
