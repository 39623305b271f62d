using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>What `docker history` says of steps: what BuildKit's says, but for the name of the builder. Recorded from Docker 28.5.</summary>
public sealed class HistoryTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const string Dockerfile = """
        FROM busybox
        ARG A
        ARG B=bee
        ARG TARGETOS
        ARG HTTP_PROXY
        RUN echo "one $B" \
           && true
        RUN ["echo", "a b"]
        RUN <<E
        echo hi
        E
        ENV X=1 Y="two words"
        ENV OLD style
        LABEL a=b c="d e"
        COPY --chmod=644 f $X /t/
        COPY --chown=1:1 --link f /t2/
        ADD f f2 /t3/
        COPY <<E1 <<"E2" /h/
        x
        E1
        y
        E2
        COPY --from=busybox /bin/true /t4/$B
        EXPOSE 443 80/tcp 53/UDP
        EXPOSE 8001-8003
        VOLUME /a /b
        VOLUME ["/c"]
        USER ${X}
        WORKDIR /w/$X
        WORKDIR rel
        WORKDIR /
        CMD echo "hi $X"
        CMD ["sh", "-c", "a\tb <&> \u00e9"]
        ENTRYPOINT ["/bin/e", "x\"y"]
        SHELL ["/bin/sh", "-ec"]
        STOPSIGNAL SIGTERM
        HEALTHCHECK --interval=5s --timeout=3s CMD echo hi
        HEALTHCHECK NONE
        ONBUILD RUN echo x
        MAINTAINER Some One <a@b>
        RUN --mount=type=tmpfs,target=/x echo mounted
        """;

    const string Expected = """
        ARG A
        ARG B=bee
        ARG TARGETOS=linux
        ARG HTTP_PROXY=http://p
        RUN |4 A= B=bee TARGETOS=linux HTTP_PROXY=http://p /bin/sh -c echo "one $B"    && true # strake
        RUN |4 A= B=bee TARGETOS=linux HTTP_PROXY=http://p echo a b # strake
        RUN |4 A= B=bee TARGETOS=linux HTTP_PROXY=http://p /bin/sh -c echo hi
         # strake
        ENV X=1 Y=two words
        ENV OLD=style
        LABEL a=b c=d e
        COPY --chmod=644 f 1 /t/ # strake
        COPY --chown=1:1 f /t2/ # strake
        ADD f f2 /t3/ # strake
        COPY <<E1 <<E2 /h/ # strake
        COPY /bin/true /t4/bee # strake
        EXPOSE [443/tcp 53/udp 80/tcp]
        EXPOSE [8001/tcp 8002/tcp 8003/tcp]
        VOLUME [/a /b]
        VOLUME [/c]
        USER 1
        WORKDIR /w/1
        WORKDIR /w/1/rel
        WORKDIR /
        CMD ["/bin/sh" "-c" "echo \"hi $X\""]
        CMD ["sh" "-c" "a\tb <&> é"]
        ENTRYPOINT ["/bin/e" "x\"y"]
        SHELL [/bin/sh -ec]
        STOPSIGNAL SIGTERM
        HEALTHCHECK &{["CMD-SHELL" "echo hi"] "5s" "3s" "0s" "0s" '\x00'}
        HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" '\x00'}
        MAINTAINER Some One <a@b>
        RUN |4 A= B=bee TARGETOS=linux HTTP_PROXY=http://p /bin/sh -ec echo mounted # strake
        """;

    [Fact]
    public async Task It_is_BuildKits()
    {
        StrakeOnly("its classic builder's is another");
        var folder = Engine.NewFolder();
        folder.Write("Dockerfile", Dockerfile);
        foreach (var name in (string[])["f", "f2", "1"]) folder.Write(name, name);
        await Docker.OkAsync("build", "-t", "history", "--network", "none", "--build-arg", "HTTP_PROXY=http://p", folder.Here);
        var image = System.Text.Json.Nodes.JsonNode.Parse((await Engine.Http.GetAsync("/images/history/history")).Body)!.AsArray();
        var said = image.Select(static step => step!["CreatedBy"]!.ToString()).Reverse().ToList();
        Assert.Equal(Expected, string.Join('\n', said[^Expected.Replace("\n #", " #", StringComparison.Ordinal).Split('\n').Length..]));
        await Docker.OkAsync("rmi", "history");
    }
}
