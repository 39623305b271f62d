namespace Strake.Build.Tests;

public class RunMountTests
{
    public static TheoryData<string, RunMount> Mounts => new()
    {
        { "target=/t", new BindMount { Target = "/t" } },
        { "type=bind,from=f,source=s,dst=t,rw", new BindMount { From = "f", Source = "s", Target = "t", IsReadOnly = false } },
        { "TYPE=Bind,src=s,destination=t,readwrite=false", new BindMount { Source = "s", Target = "t" } },
        { "type=cache,target=/c", new CacheMount { Target = "/c" } },
        { "type=cache,target=/c,id=i,sharing=Locked,from=f,source=s,ro", new CacheMount { Target = "/c", Id = "i", Sharing = CacheSharing.Locked, From = "f", Source = "s", IsReadOnly = true } },
        { "type=cache,target=/c,uid=5", new CacheMount { Target = "/c", Ownership = new(5, 0, 0b111_101_101) } },
        { "type=cache,target=/c,gid=6,mode=0700", new CacheMount { Target = "/c", Ownership = new(0, 6, 0b111_000_000) } },
        { "type=tmpfs,target=/t", new TmpfsMount { Target = "/t" } },
        { "type=tmpfs,target=/t,size=1.5k", new TmpfsMount { Target = "/t", SizeBytes = 1536 } },
        { "type=tmpfs,target=/t,size=64MiB,ro=1", new TmpfsMount { Target = "/t", SizeBytes = 64 << 20, IsReadOnly = true } },
        { "type=secret,id=a", new SecretMount { Id = "a", Target = "/run/secrets/a" } },
        { "type=secret,source=a/b", new SecretMount { Id = "a/b", Target = "/run/secrets/b" } },
        { "type=secret,target=/x/y", new SecretMount { Id = "y", Target = "/x/y" } },
        { "type=secret,id=a,env=A", new SecretMount { Id = "a", Variable = "A" } },
        { "type=secret,id=a,env=A,target=/x,required,mode=0440,uid=1,gid=2", new SecretMount { Id = "a", Variable = "A", Target = "/x", IsRequired = true, Ownership = new(1, 2, 0b100_100_000) } },
        { "type=ssh", new SshMount() },
        { "type=ssh,id=x,target=/s,required=true,mode=0666", new SshMount { Id = "x", Target = "/s", IsRequired = true, Ownership = new(0, 0, 0b110_110_110) } },
        { "\"source=a,b\",target=/x", new BindMount { Source = "a,b", Target = "/x" } },
    };

    [Theory]
    [MemberData(nameof(Mounts))]
    public void Options_and_what_is_not_said(string word, RunMount expected) => Assert.Equal(expected, RunMount.Parse(word));

    [Theory]
    [InlineData("type=foo", "unsupported mount type \"foo\"")]
    [InlineData("type=bidn", "unsupported mount type \"bidn\" (did you mean bind?)")]
    [InlineData("foo=bar", "unexpected key 'foo' in 'foo=bar' (did you mean from?)")]
    [InlineData("foo,type=bind", "invalid field 'foo' must be a key=value pair")]
    [InlineData("type=cache,sharing=foo,target=/x", "unsupported sharing value \"foo\"")]
    [InlineData("type=cache,sharing=lokced,target=/x", "unsupported sharing value \"lokced\" (did you mean locked?)")]
    [InlineData("type=secret", "invalid secret mount. one of source, target required")]
    [InlineData("type=secret,id=a,source=b", "both source and id can't be set")]
    [InlineData("type=secret,id=a,from=b", "secret mount should not have a from")]
    [InlineData("type=secret,id=a,sharing=locked", "secret mount should not define sharing")]
    [InlineData("type=bind,target=/x,sharing=locked", "invalid cache sharing set for bind mount")]
    [InlineData("type=tmpfs,target=/x,size=abc", "invalid value for size: abc")]
    [InlineData("size=1,type=tmpfs,target=/x", "unexpected key 'size' for mount type 'bind'")]
    [InlineData("type=bind,target=/x,required", "unexpected key 'required' for mount type 'bind'")]
    [InlineData("type=bind,target=/x,ro=foo", "invalid value for ro: foo")]
    [InlineData("type=bind,target=/x,mode=0644", "mode not allowed for \"bind\" type mounts")]
    [InlineData("type=tmpfs,target=/x,uid=1", "uid not allowed for \"tmpfs\" type mounts")]
    [InlineData("type=cache,target=/x,mode=9", "invalid value 9 for mode")]
    [InlineData("type=cache,target=/x,uid=-1", "invalid value -1 for uid")]
    [InlineData("type=cache,target=/x,gid=4294967296", "invalid value 4294967296 for gid")]
    [InlineData("type=ssh,source=x", "ssh does not support source")]
    public void What_is_wrong_is_refused(string word, string message)
    {
        var refused = Assert.Throws<StrakeException>(() => RunMount.Parse(word));
        Assert.Equal((ErrorKind.Invalid, message), (refused.Kind, refused.Message));
    }

    [Fact]
    public void A_variable_stays_within_its_value()
    {
        static string Expand(string value) => new WordExpander().Expand(value, name => name == "x" ? "a,rw" : null).Text;
        Assert.Equal(new BindMount { Source = "a,rw", Target = "/t" }, RunMount.Parse("type=bind,source=$x,target=/t", Expand));
    }
}
