using System.Globalization;
using System.Net;
using System.Text;

namespace Strake.Images.Tests.Registry;

/// <summary>What strangers write: challenges, credentials, refusals, settings.</summary>
public sealed class RegistryParsersTests
{
    static readonly char[] s_marks = ['"', '[', ']', '{', '}', '=', ',', ':', '\\', '\n', '\'', '0', '-', '.', '\ud800'];

    [Fact]
    public void Several_challenges_stand_in_one_header()
    {
        var found = AuthChallenge.Parse("""Bearer realm="https://auth.example/token?a=b,c",service="r \"x\"", scope="repository:a/b:pull,push", Basic realm=plain , Negotiate""");
        Assert.Equal(["Bearer", "Basic", "Negotiate"], found.Select(c => c.Scheme));
        Assert.Equal(("https://auth.example/token?a=b,c", "r \"x\"", "repository:a/b:pull,push"), (found[0]["realm"], found[0]["service"], found[0]["scope"]));
        Assert.Equal("plain", found[1]["realm"]);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("e30=", null)]
    [InlineData("e30", null)]
    [InlineData("bnVsbA==", null)]
    [InlineData("eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ", "u")]
    [InlineData("eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ==", "u")]
    public void Credentials_come_in_base64(string header, string? user) => Assert.Equal(user, RegistryCredentials.Parse(header)?.Username);

    [Theory]
    [InlineData("!")]
    [InlineData("W10")]
    [InlineData("eyJ1c2VybmFtZSI6MX0")]
    [InlineData("eyJ")]
    public void What_is_no_credentials_is_refused_without_being_shown(string header) =>
        Assert.DoesNotContain(header, Assert.Throws<StrakeException>(() => RegistryCredentials.Parse(header)).Message, StringComparison.Ordinal);

    [Fact]
    public void Credentials_are_not_shown() =>
        Assert.DoesNotContain("secret", new RegistryCredentials { Username = "u", Password = "secret" }.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Refusals_are_in_the_words_of_the_registry()
    {
        var fault = RegistryFault.Parse(HttpStatusCode.NotFound, """{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{"name":"x"}}]}"""u8.ToArray());
        Assert.Equal(("NAME_UNKNOWN", "name unknown: repository name not known to registry"), (fault.Code, fault.Message));
    }

    [Fact]
    public void Settings_of_containerd_are_read()
    {
        const string Text = """
            server = "https://registry.example:5000"   # the registry
            [host."https://mirror.example"]
              capabilities = [ "pull",
                "resolve" ]
              ca = "mirror.pem"
              client = [["a.cert", "a.key"]]
              skip_verify = true
              [host."https://mirror.example".header]
                x-one = ["a", "b"]
            [host.'http://plain.example/api']
              override_path = true
            """;
        var hosts = HostsFile.Parse(Text, "/etc/x", "registry.example", new RegistryHost(new Uri("https://registry.example/v2/")) { IsOrigin = true });
        Assert.Equal(["https://mirror.example/v2/", "http://plain.example/api/", "https://registry.example:5000/v2/"], hosts.Select(h => h.Root.AbsoluteUri));
        Assert.Equal((RegistryAbilities.Pull | RegistryAbilities.Resolve, true, "a, b"), (hosts[0].Abilities, hosts[0].Tls.SkipVerify, hosts[0].Headers["x-one"]));
        Assert.Equal(["/etc/x/mirror.pem"], hosts[0].Tls.Authorities);
        Assert.Equal([new RegistryTls.ClientCertificate("/etc/x/a.cert", "/etc/x/a.key")], hosts[0].Tls.Clients);
        Assert.Equal([false, false, true], hosts.Select(h => h.IsOrigin));
    }

    [Theory]
    [InlineData("[host.'http://registry.example:5000']\ncapabilities = ['pull', 'resolve', 'push']\n[host.'https://mirror']")]
    [InlineData("server = 'http://registry.example:5000'\n[host.'https://mirror']")]
    [InlineData("server = 'http://registry.example:5000'\n[host.'https://mirror']\n[host.'http://registry.example:5000']\nskip_verify = true")]
    public void The_registry_itself_is_the_last_however_it_is_written(string text)
    {
        var hosts = HostsFile.Parse(text, "/", "registry.example:5000", new RegistryHost(new Uri("https://registry.example:5000/v2/")) { IsOrigin = true });
        Assert.Equal(["https://mirror/v2/", "http://registry.example:5000/v2/"], hosts.Select(h => h.Root.AbsoluteUri));
        Assert.Equal([(false, RegistryAbilities.Pull | RegistryAbilities.Resolve), (true, RegistryAbilities.All)], hosts.Select(h => (h.IsOrigin, h.Abilities)));
        Assert.Equal(["registry.example:5000", null], hosts.Select(h => h.Namespace));
    }

    [Theory]
    [InlineData("servr = 'x'", "line 1: \"servr\" is not known")]
    [InlineData("\n[host.'https://a']\ncapabilities = ['fly']", "line 3: unknown capability \"fly\"; there are pull, resolve, push")]
    [InlineData("server = 'ftp://x'", "line 1: \"ftp://x\" is not the address of a registry; it has to look like https://host:port")]
    [InlineData("server = \"x", "line 1: a string does not end in its line")]
    [InlineData("server = 12", "line 1: \"12\" is neither a string, nor true or false, nor a list")]
    [InlineData("skip_verify = 'yes'", "line 1: \"skip_verify\" has to be true or false")]
    [InlineData("[a]\n[a]", "line 2: it stands there twice")]
    public void Settings_that_are_wrong_are_named_with_their_line(string text, string fault) => Assert.Equal(
        fault, Assert.Throws<FormatException>(() => HostsFile.Parse(text, "/", "a", new RegistryHost(new Uri("https://a/v2/")))).Message);

    [Fact]
    public void Nothing_that_comes_in_breaks_a_parser()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("STRAKE_FUZZ_ROUNDS") ?? "100000", CultureInfo.InvariantCulture);
        string[] seeds =
        [
            """Bearer realm="https://a/b",service="c",scope="d", Basic realm="e" """,
            "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ==",
            """{"errors":[{"code":"A_B","message":"c","detail":[1,{}]}],"details":"\ud800"}""",
            "server = \"https://a\"\n[host.\"https://b\"]\n ca = [\"c\", 'd']\n client = [[\"e\",\"f\"]]\n [host.\"https://b\".header]\n g = \"\\u0041\"\n",
            "</v2/a/tags/list?last=b&n=2>; rel=\"next\"; title=x, <c>; rel=prev",
            """{"name":"a/b","tags":["1","latest",null,3]}""",
            """{"token":"a.b-c","access_token":"d","expires_in":300,"refresh_token":"e","issued_at":"2020-01-01T00:00:00Z"}""",
            "localhost:5000/library/a_b.c--d:tag@sha256:" + new string('a', 64),
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"x","digest":"sha256:00","size":1},"layers":[]}""",
            """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{"Env":["a=b"]},"history":[{"created":"2020-01-01T00:00:00Z"}]}""",
        ];
        var random = new Random(7);
        for (var round = 0; round < rounds; round++)
        {
            var text = Mutated(seeds[round % seeds.Length], random);
            try
            {
                Parse(round % seeds.Length, text);
            }
            catch (Exception e) when (e is StrakeException or FormatException)
            {
                // Refused in words: what was wanted.
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}, {Convert.ToHexString(Encoding.UTF8.GetBytes(text))}: {e}");
            }
        }
    }

    static void Parse(int parser, string text)
    {
        switch (parser)
        {
            case 0: AuthChallenge.Parse(text); break;
            case 1: RegistryCredentials.Parse(text); break;
            case 2: RegistryFault.Parse(HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes(text)); break;
            case 3: HostsFile.Parse(text, "/", "a", new RegistryHost(new Uri("https://a/v2/"))); break;
            case 4: LinkHeader.Next(text); break;
            case 5: TagList.Parse(Encoding.UTF8.GetBytes(text)); break;
            case 6: RegistryGrant.Parse(Encoding.UTF8.GetBytes(text), DateTimeOffset.UnixEpoch); break;
            case 7: ImageReference.Parse(text); break;
            case 8: ManifestDocument.Parse(Encoding.UTF8.GetBytes(text), null); break;
            default: ImageConfig.Parse(Encoding.UTF8.GetBytes(text)); break;
        }
    }

    static string Mutated(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        for (var changes = random.Next(1, 6); changes > 0 && text.Length > 0; changes--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0: text[at] = (char)random.Next(1, 0x100); break;
                case 1: text.Insert(at, s_marks[random.Next(s_marks.Length)]); break;
                case 2: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
                case 3: text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 40), text.Length - at))); break;
                default: text.Length = at; break;
            }
        }

        return text.ToString();
    }
}
