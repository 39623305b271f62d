namespace Strake.Build.Tests.Remote;

public class GitSourceTests
{
    [Theory]
    [InlineData("https://example.org/a/b.git", "https://example.org/a/b.git", "", "")]
    [InlineData("http://example.org/b.git#main", "http://example.org/b.git", "main", "")]
    [InlineData("https://example.org/b.git#v1.0:src/./x", "https://example.org/b.git", "v1.0", "src/x")]
    [InlineData("https://example.org/b.git#:src", "https://example.org/b.git", "", "src")]
    [InlineData("https://example.org/b.git#main:../../etc", "https://example.org/b.git", "main", "etc")]
    [InlineData("https://example.org/b.git#refs/pull/42/head", "https://example.org/b.git", "refs/pull/42/head", "")]
    [InlineData("git@example.org:a/b.git#main", "git@example.org:a/b.git", "main", "")]
    [InlineData("ssh://git@example.org/a/b", "ssh://git@example.org/a/b", "", "")]
    [InlineData("git://example.org/b", "git://example.org/b", "", "")]
    [InlineData("https://example.org/b.git?branch=main&subdir=src", "https://example.org/b.git", "refs/heads/main", "src")]
    [InlineData("https://example.org/b.git?tag=v1", "https://example.org/b.git", "refs/tags/v1", "")]
    [InlineData("https://example.org/b.git?ref=v1#v1", "https://example.org/b.git", "v1", "")]
    public void Repositories(string word, string remote, string reference, string directory)
    {
        var source = Assert.IsType<GitSource>(RemoteSource.TryParse(word));
        Assert.Equal((remote, reference, directory), (source.Remote, source.Reference, source.Directory));
    }

    [Theory]
    [InlineData("https://example.org/b")]
    [InlineData("https://example.org/b.git/archive.tar")]
    [InlineData("http://example.org/x?y=b.git")]
    public void Other_addresses_of_HTTP_are_files(string word) => Assert.IsType<HttpSource>(RemoteSource.TryParse(word));

    [Theory]
    [InlineData("a")]
    [InlineData("./b.git")]
    [InlineData("b.git")]
    [InlineData("github.com/a/b")]
    [InlineData("file:///etc")]
    [InlineData("ext::sh -c x")]
    [InlineData("ftp://example.org/x")]
    [InlineData("host:path")]
    [InlineData("-u@example.org:x")]
    [InlineData("http://")]
    [InlineData("HTTP")]
    public void All_else_is_a_path_of_the_context(string word) => Assert.Null(RemoteSource.TryParse(word));

    [Theory]
    [InlineData("ssh://-oProxyCommand=touch${IFS}x/y")]
    [InlineData("ssh://git@-oProxyCommand=x/y")]
    [InlineData("git://-x/y")]
    [InlineData("https://example.org/a b.git")]
    [InlineData("https://example.org/a\nb.git")]
    [InlineData("https://example.org/b.git#--upload-pack=touch x")]
    [InlineData("https://example.org/b.git#--upload-pack=x")]
    [InlineData("https://example.org/b.git#-x")]
    [InlineData("https://example.org/b.git?ref=--upload-pack%3Dx")]
    [InlineData("https://example.org/b.git#a b")]
    [InlineData("https://example.org/b.git#+main")]
    [InlineData("https://example.org/b.git#a*")]
    [InlineData("https://example.org/b.git?checksum=--x")]
    [InlineData("https://example.org/b.git?checksum=xyz")]
    [InlineData("https://example.org/b.git?colour=red")]
    [InlineData("https://example.org/b.git?submodules=perhaps")]
    [InlineData("https://example.org/b.git?branch=a&tag=b")]
    [InlineData("https://example.org/b.git?ref=a#b")]
    public void What_git_could_misunderstand_is_refused(string word) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => RemoteSource.TryParse(word)).Kind);

    [Fact]
    public void Flags_may_stand_in_the_query()
    {
        var source = GitSource.TryParse("https://example.org/b.git?keep-git-dir&submodules=0&commit=0123456")!;
        Assert.True(source.KeepsGit);
        Assert.False(source.TakesSubmodules);
        Assert.Equal("0123456", source.Checksum);
    }

    [Fact]
    public void A_build_context_may_be_a_repository_of_GitHub_without_a_scheme() =>
        Assert.Equal("https://github.com/a/b", GitSource.TryParseContext("github.com/a/b#main")!.Remote);

    [Fact]
    public void A_password_is_not_shown()
    {
        Assert.DoesNotContain("secret", GitSource.TryParse("https://user:secret@example.org/b.git")!.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", RemoteSource.TryParse("https://user:secret@example.org/b")!.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://h/a/b.txt", "b.txt")]
    [InlineData("http://h/a/b.txt?x=/y", "b.txt")]
    [InlineData("http://h/a%20b", "a b")]
    [InlineData("http://h/a/", "")]
    [InlineData("http://h", "")]
    [InlineData("http://h/..%2f..", "")]
    [InlineData("http://h/a%2Fb", "b")]
    [InlineData("http://h/a%00b", "")]
    public void A_file_is_called_as_the_last_name_of_its_address(string word, string name) => Assert.Equal(name, HttpSource.TryParse(word)!.Name);
}
