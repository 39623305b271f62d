namespace Strake.Images.Tests;

public class ImageReferenceTests
{
    const string Hex = "e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("library/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("index.docker.io/library/busybox:x", "docker.io/library/busybox:x", "busybox:x")]
    [InlineData("docker.io/library/a/b", "docker.io/library/a/b", "library/a/b")]
    [InlineData("user/app", "docker.io/user/app", "user/app")]
    [InlineData("a/b/c", "docker.io/a/b/c", "a/b/c")]
    [InlineData("localhost/app", "localhost/app", "localhost/app")]
    [InlineData("localhost", "docker.io/library/localhost", "localhost")]
    [InlineData("localhost:5000/app:v1", "localhost:5000/app:v1", "localhost:5000/app:v1")]
    [InlineData("ghcr.io/a/b:1", "ghcr.io/a/b:1", "ghcr.io/a/b:1")]
    [InlineData("[fd00::1]:5000/app", "[fd00::1]:5000/app", "[fd00::1]:5000/app")]
    [InlineData("[fd00::1]/app", "[fd00::1]/app", "[fd00::1]/app")]
    [InlineData("UPPER/app", "UPPER/app", "UPPER/app")]
    [InlineData("foo_bar", "docker.io/library/foo_bar", "foo_bar")]
    [InlineData("foo__bar", "docker.io/library/foo__bar", "foo__bar")]
    [InlineData("foo---bar", "docker.io/library/foo---bar", "foo---bar")]
    [InlineData("a.b:tag", "docker.io/library/a.b:tag", "a.b:tag")]
    [InlineData("a:_tag", "docker.io/library/a:_tag", "a:_tag")]
    [InlineData("a:TAG.1-2_3", "docker.io/library/a:TAG.1-2_3", "a:TAG.1-2_3")]
    [InlineData("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com/myimage:xn--n3h.com")]
    [InlineData("a@sha256:" + Hex, "docker.io/library/a@sha256:" + Hex, "a@sha256:" + Hex)]
    [InlineData("a:b@sha256:" + Hex, "docker.io/library/a:b@sha256:" + Hex, "a:b@sha256:" + Hex)]
    public void A_reference_has_one_normal_form_and_one_familiar_form(string text, string normal, string familiar)
    {
        var reference = ImageReference.Parse(text);
        Assert.Equal(normal, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, ImageReference.Parse(normal));
    }

    [Theory]
    [InlineData("", "invalid reference format")]
    [InlineData(":justtag", "invalid reference format")]
    [InlineData("a:", "invalid reference format")]
    [InlineData("a@", "invalid reference format")]
    [InlineData("a@sha256:abc", "invalid reference format")]
    [InlineData("@sha256:" + Hex, "invalid reference format")]
    [InlineData("a@sha256:" + Hex + "0", "invalid checksum digest length")]
    [InlineData("a@sha256:E6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582", "invalid checksum digest format")]
    [InlineData("a@sha512:" + Hex, "unsupported digest algorithm")]
    [InlineData("Busybox", "invalid reference format: repository name (library/Busybox) must be lowercase")]
    [InlineData("a/Busybox:1", "invalid reference format: repository name (a/Busybox) must be lowercase")]
    [InlineData("a b", "invalid reference format")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("/a", "invalid reference format")]
    [InlineData("a/", "invalid reference format")]
    [InlineData("../../etc/passwd", "invalid reference format")]
    [InlineData("-a", "invalid reference format")]
    [InlineData("a-", "invalid reference format")]
    [InlineData("a..b", "invalid reference format")]
    [InlineData("a___b", "invalid reference format")]
    [InlineData("a:.tag", "invalid reference format")]
    [InlineData("a:-tag", "invalid reference format")]
    [InlineData("a:b:c", "invalid reference format")]
    [InlineData("a:t/b", "invalid reference format")]
    [InlineData("-x.com/a", "invalid reference format")]
    [InlineData("x.com:port/a", "invalid reference format")]
    [InlineData("x.com:/a", "invalid reference format")]
    [InlineData("[fd00::1/a", "invalid reference format")]
    [InlineData("[fe80::1%eth0]/a", "invalid reference format")]
    [InlineData("ä", "invalid reference format")]
    [InlineData("a\0b", "invalid reference format")]
    [InlineData(Hex, "invalid repository name (" + Hex + "), cannot specify 64-byte hexadecimal strings")]
    public void What_is_no_reference_is_refused_in_Dockers_words(string text, string message)
    {
        var refused = Assert.Throws<StrakeException>(() => ImageReference.Parse(text));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Equal(message, refused.Message);
        Assert.False(ImageReference.TryParse(text, out _));
    }

    [Fact]
    public void Lengths_are_bounded()
    {
        var longest = new string('a', ImageReference.NameLength - "docker.io/library/".Length);
        Assert.Equal(longest, ImageReference.Parse(longest).Familiar);
        Assert.Equal(
            "repository name must not be more than 255 characters",
            Assert.Throws<StrakeException>(() => ImageReference.Parse(longest + "a")).Message);
        Assert.Equal(128, ImageReference.Parse("a:" + new string('t', 128)).Tag!.Length);
        Assert.Throws<StrakeException>(() => ImageReference.Parse("a:" + new string('t', 129)));
    }

    [Fact]
    public void A_name_alone_means_latest()
    {
        Assert.Equal("docker.io/library/a:latest", ImageReference.Parse("a").OrLatest().ToString());
        Assert.Equal("docker.io/library/a:b", ImageReference.Parse("a:b").OrLatest().ToString());
        Assert.Null(ImageReference.Parse("a@sha256:" + Hex).OrLatest().Tag);
        Assert.Equal("a:c", ImageReference.Parse("a:b").WithTag("c").Familiar);
        Assert.Throws<StrakeException>(() => ImageReference.Parse("a").WithTag("not a tag"));
    }

    [Theory]
    [InlineData("busy*", "busybox:latest", true)]
    [InlineData("busybox", "busybox:1", true)]
    [InlineData("busybox:1", "busybox:2", false)]
    [InlineData("*:1", "busybox:1", true)]
    [InlineData("*", "a/b:1", false)]
    [InlineData("*/*", "a/b:1", true)]
    [InlineData("a/?", "a/b", true)]
    [InlineData("b[a-u]sybox", "busybox:1", true)]
    [InlineData("b[^a-u]sybox", "busybox:1", false)]
    [InlineData("b\\usybox", "busybox:1", true)]
    [InlineData("*box*", "busybox", true)]
    [InlineData("", "busybox", false)]
    [InlineData("b*y*x", "busybox", true)]
    [InlineData("[b]*", "busybox", true)]
    public void A_pattern_matches_as_a_path_does(string pattern, string reference, bool expected) =>
        Assert.Equal(expected, new ReferencePattern(pattern).Matches(ImageReference.Parse(reference)));

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[a-]")]
    [InlineData("a\\")]
    [InlineData("[a")]
    [InlineData("[-]")]
    public void A_malformed_pattern_is_refused(string pattern) =>
        Assert.Equal("syntax error in pattern", Assert.Throws<StrakeException>(() => new ReferencePattern(pattern)).Message);
}
