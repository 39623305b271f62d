FROM nginx
RUN rm /etc/nginx/conf.d/default.conf
COPY <<'EOF' /etc/nginx/conf.d/app.conf
server {
    listen 80;
    location / { try_files $uri $uri/ /index.html; }
}
EOF
COPY dist /usr/share/nginx/html
STOPSIGNAL SIGQUIT
